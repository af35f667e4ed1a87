package io.github.moeanat.supernet;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The engine: the one place that starts it, and the operations that its portable interface lacks.
 * Nothing native is loaded before the first call of a method of this class.
 */
public final class PyTorch {

  private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,4}))?");

  private PyTorch() {}

  /** Starts the engine once: no network, no usage tracking, one thread per tensor operation. */
  private static final class Holder {
    static final Engine ENGINE = start();

    private static Engine start() {
      configure();
      return Engine.getEngine("PyTorch");
    }
  }

  // DJL reports its use over the network as soon as its class Engine is loaded, so these come
  // first.
  private static void configure() {
    setIfAbsent("ai.djl.offline", "true");
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("ai.djl.pytorch.num_threads", "1");
    setIfAbsent("ai.djl.pytorch.num_interop_threads", "1");
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  /** Returns the version of DJL; starts nothing native. */
  public static String djlVersion() {
    configure();
    return Engine.getDjlVersion();
  }

  /** Returns the version of PyTorch; starts it. */
  public static String version() {
    return Holder.ENGINE.getVersion();
  }

  /**
   * Returns the device of a name.
   *
   * @param name {@code cpu}, {@code gpu} or {@code gpu:1}
   * @throws IllegalArgumentException if the name is another one or the engine has no such device
   */
  public static Device device(String name) {
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    Matcher gpu = GPU.matcher(name);
    if (!gpu.matches()) {
      throw new IllegalArgumentException(
          "device is " + name + ", expected cpu, gpu or gpu:N with the number of a GPU");
    }
    int number = gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1));
    int present = Holder.ENGINE.getGpuCount();
    if (number >= present) {
      throw new IllegalArgumentException(
          "device is %s, but the engine sees %d GPUs; use device cpu".formatted(name, present));
    }
    return Device.gpu(number);
  }

  /** Returns a manager whose arrays live until it is closed. */
  public static NDManager newManager(Device device) {
    return Holder.ENGINE.newBaseManager(device);
  }

  /**
   * Prepares the calling thread for native work; the settings belong to the thread, not to the
   * process.
   *
   * @param gradients whether operations on arrays that require gradients are recorded
   */
  public static void enterThread(boolean gradients) {
    Objects.requireNonNull(Holder.ENGINE);
    JniUtils.setNumThreads(1);
    JniUtils.setGradMode(gradients);
    // TorchScript would time its first runs and compile later ones anew, which may round otherwise.
    JniUtils.setGraphExecutorOptimize(false);
  }

  /**
   * Changes the number of threads of every tensor operation that the calling thread starts, for
   * measurements of time. Everything else uses one, see {@link #enterThread}.
   */
  public static void useThreads(int threads) {
    JniUtils.setNumThreads(threads);
  }

  /**
   * Waits until an array is computed. Operations on a CPU are when they return; those of a GPU are
   * only begun.
   */
  public static void await(NDArray array) {
    if (array.getDevice().isGpu()) {
      try (NDArray flat = array.flatten();
          NDArray first = flat.get(0)) {
        first.toFloatArray();
      }
    }
  }

  /**
   * Adds the gradients of an array to those of the leaves it was computed from. Unlike DJL's
   * collector, which is one for the whole process, this may run in several threads at a time.
   *
   * @param result the differentiated array
   * @param upstream gradient with respect to {@code result}, of its shape
   */
  public static void backward(NDArray result, NDArray upstream) {
    JniUtils.backward((PtNDArray) result, (PtNDArray) upstream, false, false);
  }

  /** Returns an array of another manager that shares the memory of this one, without gradients. */
  public static NDArray alias(NDArray array, NDManager manager) {
    NDArray alias = array.stopGradient();
    alias.attach(manager);
    return alias;
  }

  /** Returns the view {@code [from, to)} of a vector, owned by its manager. */
  public static NDArray span(NDArray vector, long from, long to) {
    return slice(vector, new long[] {from}, new long[] {to}, vector.getManager());
  }

  /**
   * Returns the view {@code [from, to)} of every axis.
   *
   * @param owner its manager
   */
  static NDArray slice(NDArray array, long[] from, long[] to, NDManager owner) {
    long[] steps = new long[from.length];
    Arrays.fill(steps, 1);
    return JniUtils.index((PtNDArray) array, from, to, steps, (PtNDManager) owner);
  }

  /** Cuts a vector into consecutive views in one operation, whose gradient is one array too. */
  static NDList split(NDArray vector, long[] sizes) {
    return JniUtils.split((PtNDArray) vector, sizes, 0);
  }
}
