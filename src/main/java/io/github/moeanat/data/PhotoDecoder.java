package io.github.moeanat.data;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads one image a file in any format that ImageIO knows: JPEG (CMYK too), PNG, GIF, BMP, TIFF.
 * Values are taken as they are stored: colour profiles, transparency and the camera's orientation
 * are ignored, as the usual Python loaders do; gray is repeated.
 */
final class PhotoDecoder implements ImageDecoder {

  private static final int CHANNELS = 3;

  // So much is left above the wanted side, for averaging, when pixels are skipped in reading.
  private static final int SPARE = 4;

  @Override
  public String id() {
    return "photos, 1";
  }

  @Override
  public String name(StoredImage image) {
    return image.file();
  }

  @Override
  public Picture decode(Path folder, StoredImage image, int side) throws IOException {
    Path file = folder.resolve(image.file());
    try (ImageInputStream stream = new FileImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new IOException("no image format that is known");
      }
      ImageReader reader = readers.next();
      try {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(stream, true, true);
        BufferedImage read = read(reader, side);
        // What is missing of a truncated JPEG would be gray.
        if (warnings.stream().anyMatch(warning -> warning.contains("premature end"))) {
          throw new IOException("the file ends within the image");
        }
        return planes(read).shrunk(side);
      } finally {
        reader.dispose();
      }
    } catch (RuntimeException e) {
      // What readers throw at damaged files.
      throw new IOException(e.toString(), e);
    }
  }

  private static BufferedImage read(ImageReader reader, int side) throws IOException {
    int shorter = Math.min(reader.getWidth(0), reader.getHeight(0));
    int step = shorter / (SPARE * side);
    ImageReadParam parameters = reader.getDefaultReadParam();
    if (step > 1) {
      parameters.setSourceSubsampling(step, step, step / 2, step / 2);
    }
    return reader.read(0, parameters);
  }

  private static Picture planes(BufferedImage image) throws IOException {
    int height = image.getHeight();
    int width = image.getWidth();
    int plane = height * width;
    byte[] result = new byte[CHANNELS * plane];
    Raster raster = image.getRaster();
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
        && raster.getDataBuffer().getSize() == result.length) {
      byte[] stored = ((DataBufferByte) raster.getDataBuffer()).getData();
      for (int i = 0; i < plane; i++) {
        result[i] = stored[CHANNELS * i + 2];
        result[plane + i] = stored[CHANNELS * i + 1];
        result[2 * plane + i] = stored[CHANNELS * i];
      }
    } else if (image.getColorModel() instanceof ComponentColorModel) {
      // Asking for RGB would convert between colour spaces and brighten gray images.
      int type = raster.getDataBuffer().getDataType();
      if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
        throw new IOException("its values are not of 8 or 16 bits without a sign");
      }
      int shift = type == DataBuffer.TYPE_USHORT ? 8 : 0;
      int[] samples = new int[plane];
      for (int channel = 0; channel < CHANNELS; channel++) {
        int band = raster.getNumBands() < CHANNELS ? 0 : channel;
        raster.getSamples(0, 0, width, height, band, samples);
        for (int i = 0; i < plane; i++) {
          result[channel * plane + i] = (byte) (samples[i] >> shift);
        }
      }
    } else {
      int[] colours = image.getRGB(0, 0, width, height, null, 0, width);
      for (int i = 0; i < plane; i++) {
        result[i] = (byte) (colours[i] >> 16);
        result[plane + i] = (byte) (colours[i] >> 8);
        result[2 * plane + i] = (byte) colours[i];
      }
    }
    return new Picture(CHANNELS, height, width, result);
  }
}
