package io.github.moeanat.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary version of CIFAR-10 and CIFAR-100: records of one or two label bytes, of which the
 * last counts, and 3072 bytes of pixels. Training files are read as far as there are any, so that a
 * part of the set can be used.
 *
 * @param labels label bytes of a record
 * @param classes number of classes
 * @param train files of training images, of which the first must be there
 * @param test the file of test images
 * @param folder that the archive unpacks to
 */
record CifarLayout(int labels, int classes, List<String> train, String test, String folder)
    implements Layout {

  private static final int SIDE = 32;

  static CifarLayout cifar10() {
    return new CifarLayout(
        1,
        10,
        List.of(
            "data_batch_1.bin",
            "data_batch_2.bin",
            "data_batch_3.bin",
            "data_batch_4.bin",
            "data_batch_5.bin"),
        "test_batch.bin",
        "cifar-10-batches-bin");
  }

  static CifarLayout cifar100() {
    return new CifarLayout(2, 100, List.of("train.bin"), "test.bin", "cifar-100-binary");
  }

  @Override
  public Listing list(DataFolder given) throws IOException {
    DataFolder data = given.holding(train.get(0), folder);
    RecordDecoder decoder = new RecordDecoder(labels, SIDE, false);
    List<StoredImage> images = new ArrayList<>();
    boolean ended = false;
    for (String file : train) {
      boolean there = data.has(file);
      if ((!there && images.isEmpty()) || (there && ended)) {
        throw data.missing(there ? train.get(train.indexOf(file) - 1) : file);
      }
      ended = !there;
      if (there) {
        add(data, file, decoder, StoredImage.Part.TRAIN, images);
      }
    }
    data.require(test);
    add(data, test, decoder, StoredImage.Part.TEST, images);
    return new Listing(data, classes, decoder, images);
  }

  private void add(
      DataFolder data,
      String file,
      RecordDecoder decoder,
      StoredImage.Part part,
      List<StoredImage> images)
      throws IOException {
    int size = decoder.bytes();
    try (FileChannel channel = FileChannel.open(data.require(file), StandardOpenOption.READ)) {
      if (channel.size() == 0 || channel.size() % size != 0) {
        throw data.wrong(
            file,
            "%d bytes, expected a multiple of %d; it is not whole".formatted(channel.size(), size));
      }
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      for (int i = 0; i < bytes.limit() / size; i++) {
        int label = bytes.get(i * size + labels - 1) & 0xff;
        if (label >= classes) {
          throw data.wrong(
              file, "image %d has class %d, expected 0 to %d".formatted(i, label, classes - 1));
        }
        images.add(new StoredImage(file, i, label, part));
      }
    }
  }
}
