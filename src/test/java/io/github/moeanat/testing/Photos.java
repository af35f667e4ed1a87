package io.github.moeanat.testing;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Images made for tests. */
public final class Photos {

  private Photos() {}

  /**
   * Returns an image of a mean colour with structure of all sizes, about as hard to compress as a
   * photograph.
   */
  public static BufferedImage image(int width, int height, int colour, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] waves = random.doubles(40).toArray();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double value = random.nextInt(-12, 13);
        for (int w = 0; w < waves.length; w += 4) {
          double frequency = Math.pow(2, 1 + w / 6.0);
          double phase = waves[w + 1] * x / width + waves[w + 2] * y / height + waves[w + 3];
          value += 60 / (1.0 + w / 4.0) * Math.sin(frequency * 2 * Math.PI * phase);
        }
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
          int channel = (int) (((colour >> shift) & 0xff) + value);
          rgb |= Math.max(0, Math.min(255, channel)) << shift;
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  /** Writes an image in the format that the file's ending names; makes folders. */
  public static void write(BufferedImage image, Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      String name = file.getFileName().toString();
      String format = name.substring(name.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
      if (format.equals("png")) {
        ImageIO.write(image, format, file.toFile());
        return;
      }
      ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(0.92f);
      try (ImageOutputStream stream = ImageIO.createImageOutputStream(file.toFile())) {
        writer.setOutput(stream);
        writer.write(null, new IIOImage(image, null, null), parameters);
      } finally {
        writer.dispose();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a small image of a colour; the seed makes it differ from others. */
  public static void write(Path file, int colour, long seed) {
    write(image(48, 40, colour, seed), file);
  }
}
