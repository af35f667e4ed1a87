package io.github.moeanat.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.testing.Photos;
import java.awt.Color;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoDecoderTest {

  @TempDir private Path folder;

  @Test
  void coloursOfAllFormsComeAsRedGreenAndBlue() throws IOException {
    int orange = 0xff8020;
    for (int type :
        new int[] {
          BufferedImage.TYPE_3BYTE_BGR,
          BufferedImage.TYPE_INT_RGB,
          BufferedImage.TYPE_4BYTE_ABGR,
          BufferedImage.TYPE_INT_ARGB
        }) {
      BufferedImage image = new BufferedImage(5, 4, type);
      for (int i = 0; i < 20; i++) {
        // Half transparent: the colour counts, not what would shine through.
        image.setRGB(i % 5, i / 5, 0x80000000 | orange);
      }
      assertColour(0xff, 0x80, 0x20, 0, decode(image, "colour" + type + ".png", 100));
    }
    BufferedImage palette = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_INDEXED);
    Color stored = new Color(0xff, 0x99, 0x33);
    for (int i = 0; i < 256; i++) {
      palette.setRGB(i % 16, i / 16, stored.getRGB());
    }
    assertColour(0xff, 0x99, 0x33, 0, decode(palette, "palette.png", 100));
    assertColour(0xff, 0x99, 0x33, 0, decode(palette, "palette.gif", 100));
  }

  @Test
  void grayValuesAreRepeatedAsTheyAreStored() throws IOException {
    BufferedImage gray = new BufferedImage(6, 3, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage deep = new BufferedImage(6, 3, BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < 18; i++) {
      gray.getRaster().setSample(i % 6, i / 6, 0, 100);
      deep.getRaster().setSample(i % 6, i / 6, 0, 100 << 8);
    }
    assertColour(100, 100, 100, 0, decode(gray, "gray.png", 100));
    assertColour(100, 100, 100, 0, decode(deep, "deep.png", 100));
    assertColour(100, 100, 100, 1, decode(gray, "gray.jpg", 100));
  }

  @Test
  void valuesOfMoreThan16BitsAreRefused() throws IOException {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_FLOAT);
    WritableRaster raster = model.createCompatibleWritableRaster(6, 3);
    for (int i = 0; i < 18; i++) {
      raster.setSample(i % 6, i / 6, 0, 0.5f);
    }
    Path file = folder.resolve("float.tif");
    assertTrue(ImageIO.write(new BufferedImage(model, raster, false, null), "tif", file.toFile()));
    IOException refused = assertThrows(IOException.class, () -> decode("float.tif", 100));
    assertTrue(refused.getMessage().contains("8 or 16 bits"), refused.getMessage());
  }

  @Test
  void jpegInCmykIsRead() throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, 32, 32, 4, null);
    for (int i = 0; i < 1024; i++) {
      raster.setPixel(i % 32, i / 32, new int[] {0, 255, 255, 255});
    }
    Path file = folder.resolve("cmyk.jpg");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(raster, null, null), null);
    } finally {
      writer.dispose();
    }
    // The marker by which Adobe's programs say that their CMYK is inverted.
    byte[] written = Files.readAllBytes(file);
    ByteArrayOutputStream marked = new ByteArrayOutputStream();
    marked.write(written, 0, 2);
    marked.write(new byte[] {(byte) 0xff, (byte) 0xee, 0, 14});
    marked.write("Adobe".getBytes(StandardCharsets.US_ASCII));
    marked.write(new byte[] {0, 100, 0, 0, 0, 0, 0});
    marked.write(written, 2, written.length - 2);
    Files.write(file, marked.toByteArray());
    Picture picture = decode("cmyk.jpg", 100);
    assertEquals(32, picture.height());
    int red = picture.bytes()[0] & 0xff;
    int green = picture.bytes()[1024] & 0xff;
    int blue = picture.bytes()[2048] & 0xff;
    // Full cyan, whatever the profile: hardly any red.
    assertTrue(red < 80 && green > 100 && blue > 150, red + " " + green + " " + blue);
  }

  @Test
  void theShorterSideIsScaledDownAndNeverUp() throws IOException {
    Picture wide = decode(Photos.image(500, 375, 0x808080, 1), "wide.jpg", 256);
    assertEquals(256, wide.height());
    assertEquals(341, wide.width());
    Picture high = decode(Photos.image(30, 100, 0x808080, 1), "high.png", 15);
    assertEquals(50, high.height());
    assertEquals(15, high.width());
    Picture small = decode(Photos.image(30, 20, 0x808080, 1), "small.png", 256);
    assertEquals(20, small.height());
    assertEquals(30, small.width());
  }

  // With pixels skipped while a large file is read, the result stays near that of all pixels.
  @Test
  void largeFilesKeepTheirLook() throws IOException {
    BufferedImage large = Photos.image(1300, 900, 0x8090a0, 3);
    Picture skipped = decode(large, "large.png", 50);
    Picture whole = decode(large, "large.png", 10_000).shrunk(50);
    assertEquals(whole.height(), skipped.height());
    assertEquals(whole.width(), skipped.width());
    double difference = 0;
    for (int i = 0; i < whole.bytes().length; i++) {
      difference += Math.abs((whole.bytes()[i] & 0xff) - (skipped.bytes()[i] & 0xff));
    }
    assertTrue(
        difference / whole.bytes().length < 4, difference / whole.bytes().length + " a value");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    Path good = folder.resolve("good.jpg");
    Photos.write(Photos.image(200, 150, 0x808080, 1), good);
    byte[] bytes = Files.readAllBytes(good);
    for (int length : new int[] {0, 1, 20, 300, bytes.length / 2}) {
      Files.write(folder.resolve("bad.jpg"), Arrays.copyOf(bytes, length));
      assertThrows(IOException.class, () -> decode("bad.jpg", 100), length + " bytes");
    }
    Files.writeString(folder.resolve("bad.jpg"), "<html>not found</html>");
    assertThrows(IOException.class, () -> decode("bad.jpg", 100));
    Photos.write(Photos.image(200, 150, 0x808080, 1), folder.resolve("good.png"));
    byte[] png = Files.readAllBytes(folder.resolve("good.png"));
    Files.write(folder.resolve("bad.png"), Arrays.copyOf(png, png.length / 2));
    assertThrows(IOException.class, () -> decode("bad.png", 100));
  }

  @Test
  void noDamageEscapesAsAnotherException() throws IOException {
    Random random = new Random(5);
    for (String name : new String[] {"a.jpg", "a.png"}) {
      Photos.write(Photos.image(60, 50, 0x808080, 1), folder.resolve(name));
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      for (int round = 0; round < 150; round++) {
        byte[] changed = bytes.clone();
        for (int i = 0; i < 4; i++) {
          changed[random.nextInt(round % 2 == 0 ? 200 : changed.length)] = (byte) random.nextInt();
        }
        Files.write(folder.resolve(name), changed);
        try {
          decode(name, 40);
        } catch (IOException e) {
          // As it should be; whatever else is thrown fails the test.
        }
      }
    }
  }

  private Picture decode(BufferedImage image, String name, int side) throws IOException {
    Path file = folder.resolve(name);
    if (name.endsWith(".gif")) {
      ImageIO.write(image, "gif", file.toFile());
    } else {
      Photos.write(image, file);
    }
    return decode(name, side);
  }

  private Picture decode(String name, int side) throws IOException {
    StoredImage image = new StoredImage(name, 0, 0, StoredImage.Part.TRAIN);
    return new PhotoDecoder().decode(folder, image, side);
  }

  private static void assertColour(int red, int green, int blue, int tolerance, Picture picture) {
    int plane = picture.height() * picture.width();
    int[] expected = {red, green, blue};
    assertEquals(3 * plane, picture.bytes().length);
    for (int i = 0; i < picture.bytes().length; i++) {
      assertEquals(expected[i / plane], picture.bytes()[i] & 0xff, tolerance);
    }
  }
}
