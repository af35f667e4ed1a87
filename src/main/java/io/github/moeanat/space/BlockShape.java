package io.github.moeanat.space;

/**
 * The sizes of one inverted residual block: 1x1 expansion, depthwise convolution,
 * squeeze-and-excitation where {@code squeezeChannels > 0}, 1x1 projection.
 *
 * @param index number of the block in the supernet, as in OFA's parameter names {@code blocks.N}
 * @param inChannels input channels
 * @param middleChannels channels of the depthwise convolution
 * @param outChannels output channels
 * @param kernelSize side of the depthwise filter
 * @param stride of the depthwise convolution
 * @param activation after expansion and depthwise convolution
 * @param squeezeChannels middle channels of squeeze-and-excitation, 0 if the block has none
 * @param expanded whether the block has the 1x1 expansion (only the first block has not)
 * @param shortcut whether the input is added to the output
 */
public record BlockShape(
    int index,
    int inChannels,
    int middleChannels,
    int outChannels,
    int kernelSize,
    int stride,
    Activation activation,
    int squeezeChannels,
    boolean expanded,
    boolean shortcut) {}
