package io.github.moeanat.space;

/** The non-linearities of MobileNetV3. */
public enum Activation {
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x * clip(x + 3, 0, 6) / 6}. */
  H_SWISH
}
