package io.github.moeanat.cost;

/**
 * What a network computes for one image, counted by kind, and the three figures that are all called
 * multiply-adds. Batch normalisation counts nothing in any of them.
 *
 * @param convolutions multiply-adds of convolutions and linear layers
 * @param relu elements that a ReLU is applied to, those within squeeze-and-excitation excepted
 * @param hSwish elements that an h-swish is applied to
 * @param mish elements that a Mish is applied to
 * @param squeezeRelu elements that a ReLU within squeeze-and-excitation is applied to
 * @param gates elements that an h-sigmoid within squeeze-and-excitation is applied to
 * @param rescaled elements that squeeze-and-excitation multiplies by their gate
 * @param means outputs of the means of global poolings. A pooling is two: that of every row of a
 *     channel, and that of those
 */
public record Operations(
    long convolutions,
    long relu,
    long hSwish,
    long mish,
    long squeezeRelu,
    long gates,
    long rescaled,
    long means) {

  /** Multiply-adds of convolutions and linear layers alone, as in OFA's counter. */
  public long madds() {
    return convolutions;
  }

  /**
   * The count behind the figures that NAT published with its subnets (torchprofile 0.0.2): {@link
   * #madds}, one for each element of an h-swish or Mish, one for each element that
   * squeeze-and-excitation rescales, and the outputs of the means.
   */
  public long publishedMadds() {
    return convolutions + hSwish + mish + rescaled + means;
  }

  /**
   * The count of the code that was shipped with NAT: {@link #madds}, one for each element of a
   * ReLU, three for each of an h-sigmoid and four for each of an h-swish. It knows no Mish.
   */
  public long natMadds() {
    return convolutions + relu + squeezeRelu + 3 * gates + 4 * hSwish;
  }
}
