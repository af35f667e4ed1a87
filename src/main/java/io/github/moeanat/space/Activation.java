package io.github.moeanat.space;

/** The non-linearities of MobileNetV3 and of the networks that NAT published. */
public enum Activation {
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x * clip(x + 3, 0, 6) / 6}. */
  H_SWISH,
  /** {@code x * tanh(log(1 + exp(x)))}. */
  MISH
}
