package io.github.moeanat.supernet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The program {@code mobilenet.py}, compiled and run by PyTorch: a whole pass is one call from Java
 * and can use operations that DJL has no method for. Calls may run in several threads.
 */
final class TorchScript implements AutoCloseable {

  private static final String SOURCE = "mobilenet.py";
  // An object of class Program with the attribute training, and an empty tuple.
  private static final String PROGRAM =
      "\u0080\u0002c__torch__\nProgram\n)\u0081}(X\b\0\0\0training\u0089ub.";
  private static final String NOTHING = "\u0080\u0002).";

  private final NDManager manager;
  private final PtSymbolBlock program;

  /**
   * Compiles the program.
   *
   * @param manager its own manager is made of this one
   */
  TorchScript(NDManager manager) {
    this.manager = manager.newSubManager();
    try (InputStream archive = new ByteArrayInputStream(archive())) {
      program = JniUtils.loadModule((PtNDManager) this.manager, archive, false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // What torch.jit.save writes.
  private static byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream source = TorchScript.class.getResourceAsStream(SOURCE);
        ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
      put(zip, "data.pkl", PROGRAM.getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "constants.pkl", NOTHING.getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "code/__torch__.py", source.readAllBytes());
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry("mobilenet/" + name);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /**
   * Runs a method; nothing is recorded for differentiation.
   *
   * @param arguments closed here
   * @return to be closed by the caller
   */
  IValue run(String method, IValue... arguments) {
    try {
      return IValueUtils.runMethod(program, method, arguments);
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  /** Runs {@link #run} for a tensor, owned by a manager. */
  NDArray tensor(NDManager owner, String method, IValue... arguments) {
    try (IValue result = run(method, arguments)) {
      return result.toTensor((PtNDManager) owner);
    }
  }

  /** Runs {@link #run} for a list of tensors, owned by a manager. */
  List<NDArray> tensors(NDManager owner, String method, IValue... arguments) {
    try (IValue result = run(method, arguments)) {
      return List.of(result.toTensorArray((PtNDManager) owner));
    }
  }

  static IValue list(List<NDArray> tensors) {
    return IValue.listFrom(tensors.toArray(new PtNDArray[0]));
  }

  static IValue value(NDArray tensor) {
    return IValue.from((PtNDArray) tensor);
  }

  /** Frees the program. */
  @Override
  public void close() {
    manager.close();
  }
}
