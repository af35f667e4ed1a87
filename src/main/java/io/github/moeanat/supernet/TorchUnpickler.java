package io.github.moeanat.supernet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Builds dicts, lists, tuples, strings, numbers and tensors without values from a pickle, and
 * nothing else. The library knows more classes and makes a dictionary of any unknown one; here a
 * class that is not listed is refused by name before anything of it is built, and so is every
 * operation that PyTorch doesn't write.
 *
 * <p>Memory is bounded: operations are counted, each makes one small object, and lengths are
 * compared with what is left to read before the library allocates. Nothing recurs, for keys of
 * dicts have to be strings or numbers: the hash of a list would visit all that is in it.
 */
final class TorchUnpickler extends Unpickler {

  /** A state dict of 475 tensors takes some 15,000. */
  private static final int MOST_OPERATIONS = 500_000;

  private static final int MOST_AXES = 8;

  private static final int LONGEST_NAME = 100;

  private final Map<String, IObjectConstructor> built =
      Map.of(
          "collections.OrderedDict", this::orderedDict,
          "torch._utils._rebuild_tensor_v2", TorchUnpickler::tensor,
          "torch._utils._rebuild_parameter", arguments -> (TorchTensor) arguments[0]);

  /** Operations that the library may carry out as they come. */
  private static final Set<Short> PLAIN =
      Set.of(
          Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.MARK,
          Opcodes.STOP,
          Opcodes.REDUCE,
          Opcodes.BINPERSID,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.LONG1,
          Opcodes.BINFLOAT,
          Opcodes.STRING,
          Opcodes.UNICODE,
          Opcodes.SHORT_BINSTRING,
          Opcodes.SHORT_BINUNICODE,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.EMPTY_LIST,
          Opcodes.APPEND,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.MEMOIZE);

  private final Map<String, TorchStorage> storages = new HashMap<>();
  private int operations;

  /**
   * Reads one pickle and leaves the stream behind it.
   *
   * @throws UnsupportedOperationException if something else than the above is to be built
   * @throws IllegalArgumentException if it claims more than there is
   * @throws RuntimeException if it is malformed
   * @throws IOException if it ends early
   */
  Object read(ByteArrayInputStream stream) throws IOException {
    return load(stream);
  }

  /** The storages that were named so far, by key. */
  Map<String, TorchStorage> storages() {
    return storages;
  }

  @Override
  protected Object dispatch(short key) throws IOException {
    count(1);
    switch (key) {
      case Opcodes.GLOBAL -> pushGlobal(readName(), readName());
      case Opcodes.STACK_GLOBAL -> {
        String name = (String) stack.pop();
        pushGlobal((String) stack.pop(), name);
      }
      case Opcodes.INST -> {
        // Makes an object of a class in one go: the class has to be named first.
        pushGlobal(readName(), readName());
        throw foreign(key);
      }
      case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        put(stack.pop(), value, dict(stack.peek()));
      }
      case Opcodes.SETITEMS -> {
        List<Object> items = stack.pop_all_since_marker();
        for (int i = 0; i < items.size(); i += 2) {
          put(items.get(i), items.get(i + 1), dict(stack.peek()));
        }
      }
      case Opcodes.APPENDS -> {
        List<Object> items = stack.pop_all_since_marker();
        list(stack.peek()).addAll(items);
      }
      // Attributes of an OrderedDict, in which PyTorch keeps versions of modules.
      case Opcodes.BUILD -> {
        stack.pop();
        dict(stack.peek());
      }
      case Opcodes.BINUNICODE, Opcodes.BINSTRING -> {
        requireCounted(Integer.BYTES);
        super.dispatch(key);
      }
      case Opcodes.BINUNICODE8 -> {
        requireCounted(Long.BYTES);
        super.dispatch(key);
      }
      default -> {
        if (!PLAIN.contains(key)) {
          throw foreign(key);
        }
        return super.dispatch(key);
      }
    }
    return NO_RETURN_VALUE;
  }

  private void count(int more) {
    operations += more;
    if (operations > MOST_OPERATIONS) {
      throw new UnsupportedOperationException(
          "it has more than " + MOST_OPERATIONS + " pickle operations");
    }
  }

  private static UnsupportedOperationException foreign(short key) {
    return new UnsupportedOperationException(
        "it uses pickle operation 0x%02x, which PyTorch doesn't write".formatted(key));
  }

  private String readName() throws IOException {
    return PickleUtils.readline(input);
  }

  private void pushGlobal(String module, String name) {
    String global = module + "." + name;
    Object known = built.get(global);
    stack.add(
        known != null
            ? known
            : TorchType.ofClass(global)
                .orElseThrow(
                    () ->
                        new UnsupportedOperationException(
                            "it asks for class %s, and nothing but tensors, dicts, lists, tuples,"
                                    .formatted(printable(global))
                                + " numbers and strings is ever built")));
  }

  @Override
  protected Object persistentLoad(Object id) {
    Object[] parts = (Object[]) id;
    if (!"storage".equals(parts[0]) || (parts.length > 5 && parts[5] != null)) {
      throw new UnsupportedOperationException("it has a reference that is not a whole storage");
    }
    String key = (String) parts[2];
    if (!key.matches("\\w{1,40}")) {
      throw new IllegalArgumentException("it names a storage '" + printable(key) + "'");
    }
    var storage = new TorchStorage(key, (TorchType) parts[1], whole(parts[4]));
    TorchStorage before = storages.putIfAbsent(key, storage);
    if (before != null && !before.equals(storage)) {
      throw new IllegalArgumentException(
          "storage %s is said to have %d elements of %s, and %d of %s"
              .formatted(key, before.size(), before.type(), storage.size(), storage.type()));
    }
    return storage;
  }

  private Object orderedDict(Object... arguments) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    // One list may be handed over again and again, so its items count each time.
    count(arguments.length == 0 ? 0 : list(arguments[0]).size());
    // Python 2 hands the items over as lists of two.
    for (Object item : arguments.length == 0 ? List.of() : list(arguments[0])) {
      put(list(item).get(0), list(item).get(1), dict);
    }
    return dict;
  }

  private static Object tensor(Object... arguments) {
    int axes = ((Object[]) arguments[2]).length;
    if (axes > MOST_AXES || ((Object[]) arguments[3]).length != axes) {
      throw new IllegalArgumentException(
          "it has a tensor of %d axes and %d strides"
              .formatted(axes, ((Object[]) arguments[3]).length));
    }
    List<Integer> shape = new ArrayList<>();
    for (Object side : (Object[]) arguments[2]) {
      shape.add(Math.toIntExact(whole(side)));
    }
    List<Long> strides = new ArrayList<>();
    for (Object stride : (Object[]) arguments[3]) {
      strides.add(whole(stride));
    }
    return new TorchTensor((TorchStorage) arguments[0], whole(arguments[1]), shape, strides);
  }

  private void requireCounted(int width) throws IOException {
    input.mark(width);
    byte[] bytes = input.readNBytes(width);
    input.reset();
    long length = 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      length = length << Byte.SIZE | (bytes[i] & 0xff);
    }
    if (length < 0 || length > input.available() - width) {
      throw new IllegalArgumentException(
          "it has a text of %s bytes where %d are left"
              .formatted(Long.toUnsignedString(length), input.available()));
    }
  }

  private static void put(Object key, Object value, Map<Object, Object> dict) {
    if (!(key instanceof String || key instanceof Number)) {
      throw new UnsupportedOperationException(
          "it has a dict with a key that is neither a text nor a number");
    }
    dict.put(key, value);
  }

  private static long whole(Object number) {
    if (number instanceof Integer || number instanceof Long) {
      return ((Number) number).longValue();
    }
    throw new UnsupportedOperationException(
        "it has a size or an offset that is no whole number of 64 bits");
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> dict(Object object) {
    return (LinkedHashMap<Object, Object>) object;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object object) {
    return (ArrayList<Object>) object;
  }

  /** A text of a file as it may be shown on a terminal. */
  static String printable(String text) {
    String shown = text.length() > LONGEST_NAME ? text.substring(0, LONGEST_NAME) + "..." : text;
    return shown.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
