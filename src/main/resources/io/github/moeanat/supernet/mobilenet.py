# OFA's MobileNetV3 in TorchScript: whole passes in one call, channels last, so that a pointwise
# convolution is one matrix product and nothing is copied between layers.
#
# A network is a list of tensors in the order of the state dict without counters, and a list of
# numbers:
#   plan      the outer non-linearity, the stride of the stem; then for every block: stride,
#             non-linearity, whether it expands, whether it squeezes, whether it has a shortcut
# Non-linearities are 0 none, 1 ReLU, 2 h-swish, 3 Mish. Behind each convolution stand scale, bias,
# mean and variance of its normalisation, or, in a folded network, its bias alone.
class Program(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Pads by half the side. Taps further out than the map is wide only meet padding: they are cut off.
  # A pointwise convolution of few pixels is called as a matrix product, for which less is set up.
  def convolve(self: __torch__.Program, x: Tensor, filters: Tensor, bias: Optional[Tensor], stride: int, few: int) -> Tensor:
    side = filters.size(2)
    if side == 1 and filters.size(1) > 1 and x.size(0) * x.size(2) * x.size(3) <= few:
      matrix = filters.view([filters.size(0), filters.size(1)])
      return torch.linear(x.permute([0, 2, 3, 1]), matrix, bias).permute([0, 3, 1, 2])
    reach = 2 * x.size(2) - 1
    if side > reach:
      cut = (side - reach) // 2
      filters = filters[:, :, cut:side - cut, cut:side - cut]
      side = reach
    padding = side // 2
    groups = x.size(1) // filters.size(1)
    return torch.conv2d(x, filters, bias, [stride, stride], [padding, padding], [1, 1], groups)

  # Overwrites x where it can.
  def activate(self: __torch__.Program, x: Tensor, activation: int) -> Tensor:
    if activation == 1:
      x = torch.relu_(x)
    elif activation == 2:
      x = torch.hardswish_(x)
    elif activation == 3:
      x = torch.mish(x)
    return x

  # Mean and variance over all parts of a batch, in double precision. The kernel sums rows one after
  # the other in 32 bits, so it is given few at a time.
  def pooled(self: __torch__.Program, parts: List[Tensor]) -> Tuple[Tensor, Tensor]:
    means : List[Tensor] = []
    variances : List[Tensor] = []
    counts : List[float] = []
    for y in parts:
      rows = y.permute([0, 2, 3, 1]).reshape([-1, y.size(1)])
      for few in rows.split(1024):
        mean, variance = torch.batch_norm_update_stats(few, None, None, 0.)
        means.append(mean)
        variances.append(variance)
        counts.append(float(few.size(0)))
    mean = means[0].to(7)
    variance = variances[0].to(7)
    if len(counts) > 1:
      n = torch.tensor(counts, dtype=7, device=mean.device).unsqueeze(1)
      n = n / n.sum()
      m = torch.stack(means).to(7)
      mean = (n * m).sum(0)
      variance = (n * (torch.stack(variances).to(7) + torch.square(m - mean))).sum(0)
    return (mean, variance)

  # Convolution, normalisation and non-linearity of a batch in parts. Either folded, or normalised by
  # the statistics of the whole batch, which are appended.
  def layer(self: __torch__.Program, xs: List[Tensor], w: List[Tensor], t: int, stride: int, activation: int, folded: bool, statistics: List[Tensor]) -> List[Tensor]:
    ys : List[Tensor] = []
    if folded:
      for x in xs:
        ys.append(self.activate(self.convolve(x, w[t], w[t + 1], stride, 1024), activation))
    else:
      for x in xs:
        ys.append(self.convolve(x, w[t], None, stride, 1024))
      mean, variance = self.pooled(ys)
      statistics.append(mean)
      statistics.append(variance)
      mean = mean.to(6)
      variance = variance.to(6)
      for i in range(len(ys)):
        y = torch.batch_norm(ys[i], w[t + 1], w[t + 2], mean, variance, False, 0., 1e-5, False)
        ys[i] = self.activate(y, activation)
    return ys

  # Squeeze-and-excitation.
  def gate(self: __torch__.Program, x: Tensor, w: List[Tensor], t: int) -> Tensor:
    g = torch.relu(torch.linear(torch.mean(x, [2, 3]), w[t], w[t + 1]))
    g = torch.hardsigmoid(torch.linear(g, w[t + 2], w[t + 3])).unsqueeze(2).unsqueeze(3)
    return x.mul_(g)

  # From parts of a batch [N, 3, r, r] to their logits [N, classes].
  def network(self: __torch__.Program, images: List[Tensor], w: List[Tensor], plan: List[int], folded: bool, statistics: List[Tensor]) -> List[Tensor]:
    width = 5
    if folded:
      width = 2
    outer = plan[0]
    xs = self.layer(images, w, 0, plan[1], outer, folded, statistics)
    t = width
    for block in range((len(plan) - 2) // 5):
      p = 2 + 5 * block
      activation = plan[p + 1]
      inputs = xs
      if plan[p + 2] == 1:
        xs = self.layer(xs, w, t, 1, activation, folded, statistics)
        t += width
      xs = self.layer(xs, w, t, plan[p], activation, folded, statistics)
      t += width
      if plan[p + 3] == 1:
        for i in range(len(xs)):
          xs[i] = self.gate(xs[i], w, t)
        t += 4
      xs = self.layer(xs, w, t, 1, 0, folded, statistics)
      t += width
      if plan[p + 4] == 1:
        for i in range(len(xs)):
          xs[i] = xs[i].add_(inputs[i])
    xs = self.layer(xs, w, t, 1, outer, folded, statistics)
    t += width
    logits : List[Tensor] = []
    for x in xs:
      features = self.activate(torch.linear(torch.mean(x, [2, 3]), w[t]), outer)
      logits.append(torch.linear(features, w[t + 1], w[t + 2]))
    return logits

  def parts(self: __torch__.Program, images: Tensor, size: int) -> List[Tensor]:
    parts : List[Tensor] = []
    for part in images.split(size):
      parts.append(part.contiguous(memory_format=2))
    return parts

  # Logits [N, classes] of a folded network, a few images at a time.
  def infer(self: __torch__.Program, images: Tensor, w: List[Tensor], plan: List[int], size: int) -> Tensor:
    logits : List[Tensor] = []
    for part in images.split(size):
      logits.append(self.network([part.contiguous(memory_format=2)], w, plan, True, [])[0])
    return torch.cat(logits)

  # Means and variances of all normalisations one behind the other, when each normalises by the
  # whole batch; computed layer by layer, a few images at a time.
  def calibrate(self: __torch__.Program, images: Tensor, w: List[Tensor], plan: List[int], size: int) -> Tensor:
    statistics : List[Tensor] = []
    logits = self.network(self.parts(images, size), w, plan, False, statistics)
    return torch.cat(statistics)

  # The network with its normalisations folded into the convolutions before them.
  def fold(self: __torch__.Program, w: List[Tensor], plan: List[int]) -> List[Tensor]:
    squeezes : List[int] = [0]
    for block in range((len(plan) - 2) // 5):
      p = 2 + 5 * block
      if plan[p + 2] == 1:
        squeezes.append(0)
      squeezes.append(plan[p + 3])
      squeezes.append(0)
    squeezes.append(0)
    folded : List[Tensor] = []
    t = 0
    for squeeze in squeezes:
      scale = w[t + 1].to(7) / torch.sqrt(w[t + 4].to(7) + 1e-5)
      filters = w[t].to(7) * scale.view([-1, 1, 1, 1])
      folded.append(filters.to(6).contiguous(memory_format=2))
      folded.append((w[t + 2].to(7) - w[t + 3].to(7) * scale).to(6))
      t += 5
      if squeeze == 1:
        for i in range(4):
          folded.append(w[t + i])
        t += 4
    for i in range(3):
      folded.append(w[t + i])
    return folded

  # Where the pieces of a vector begin.
  def starts(self: __torch__.Program, sizes: List[int]) -> List[int]:
    starts : List[int] = []
    start = 0
    for size in sizes:
      starts.append(start)
      start += size
    return starts

  # The active part of a tensor, before kernel transforms, as a view of its vector.
  def piece(self: __torch__.Program, vector: Tensor, starts: List[int], tensors: List[int], i: int) -> Tensor:
    axes = tensors[i + 2]
    start = starts[tensors[i + 1]]
    out = tensors[i + 6]
    inputs = tensors[i + 4]
    side = tensors[i + 5]
    if axes == 1:
      view = vector[start:start + out]
    elif axes == 2:
      view = torch.as_strided(vector[start:], [out, tensors[i + 7]], [inputs, 1])
    else:
      view = torch.as_strided(vector[start:], [out, tensors[i + 7], side, side], [inputs * side * side, side * side, side, 1])
    return view

  # The matrix [to * to, to * to] of a kernel transform as a view of its vector.
  def matrix(self: __torch__.Program, vector: Tensor, start: int, to: int) -> Tensor:
    return torch.as_strided(vector[start:], [to * to, to * to], [to * to, 1])

  # The centre [filters, to * to] of filters [filters, 1, side, side].
  def centre(self: __torch__.Program, filters: Tensor, side: int, to: int) -> Tensor:
    cut = (side - to) // 2
    return filters[:, :, cut:side - cut, cut:side - cut].reshape([filters.size(0), to * to])

  # The tensors of a network as views of a supernet's two vectors. Each is described by: whether it
  # is a statistic; the number of its vector's piece; its axes (1, 2 or 4); full sizes of output,
  # input and side; active sizes of the same; how many kernel transforms lead to the smaller side,
  # and for each the number of its matrix, its larger and its smaller side.
  def views(self: __torch__.Program, parameters: Tensor, parameter_starts: List[int], statistics: Tensor, statistic_starts: List[int], tensors: List[int]) -> List[Tensor]:
    views : List[Tensor] = []
    i = 0
    while i < len(tensors):
      if tensors[i] == 1:
        view = self.piece(statistics, statistic_starts, tensors, i)
      else:
        view = self.piece(parameters, parameter_starts, tensors, i)
      transforms = tensors[i + 9]
      i += 10
      for j in range(transforms):
        to = tensors[i + 2]
        matrix = self.matrix(parameters, parameter_starts[tensors[i]], to)
        view = torch.linear(self.centre(view, tensors[i + 1], to), matrix).view([view.size(0), 1, to, to])
        i += 3
      views.append(view)
    return views

  # Copies of the tensors of a network.
  def extract(self: __torch__.Program, parameters: Tensor, parameter_sizes: List[int], statistics: Tensor, statistic_sizes: List[int], tensors: List[int]) -> List[Tensor]:
    copies : List[Tensor] = []
    for view in self.views(parameters, self.starts(parameter_sizes), statistics, self.starts(statistic_sizes), tensors):
      copies.append(view.clone(memory_format=0))
    return copies

  # Training. The derivative is written out instead of recorded: the depthwise convolution's is
  # several times faster than PyTorch's, and what is of no use any more is overwritten, as fresh
  # memory costs more than the arithmetic. A pass ahead lays on a tape what the pass back takes from
  # its end. Slopes are the loss's derivative by each tensor of the network, in the same order.

  # A map as a matrix: a row for each pixel, a column for each channel.
  def rows(self: __torch__.Program, x: Tensor) -> Tensor:
    return x.permute([0, 2, 3, 1]).reshape([-1, x.size(1)])

  # A map as a matrix: a row for each row of pixels. Kernels that work down columns then have
  # vectors of full length, however few the channels, and add few numbers, so that 32 bits are enough.
  def lines(self: __torch__.Program, x: Tensor) -> Tensor:
    return x.permute([0, 2, 3, 1]).reshape([x.size(0) * x.size(2), x.size(3) * x.size(1)])

  # The map of such a matrix, of the size of another map but for the channels.
  def map(self: __torch__.Program, matrix: Tensor, like: Tensor, channels: int) -> Tensor:
    return matrix.view([like.size(0), like.size(2), like.size(3), channels]).permute([0, 3, 1, 2])

  # Moves the running statistics.
  def move(self: __torch__.Program, mean: Tensor, variance: Tensor, count: int, w: List[Tensor], t: int) -> NoneType:
    w[t + 3].mul_(0.9).add_(mean, alpha=0.1)
    w[t + 4].mul_(0.9).add_(variance, alpha=0.1 * count / (count - 1))

  # Normalises by the batch and moves the running statistics as PyTorch's training mode does.
  def normalise(self: __torch__.Program, x: Tensor, w: List[Tensor], t: int, tape: List[Tensor]) -> Tensor:
    count = x.size(0) * x.size(2) * x.size(3)
    tape.append(x)
    if count <= 1024:
      y, mean, deviation = torch.native_batch_norm(x, w[t + 1], w[t + 2], w[t + 3], w[t + 4], True, 0.1, 1e-5)
      tape.append(mean)
      tape.append(deviation)
    else:
      lines = self.lines(x)
      means, variances = torch.batch_norm_update_stats(lines, None, None, 0.)
      between, mean = torch.var_mean(means.view([-1, x.size(1)]).to(7), [0], correction=0)
      variance = between + variances.view([-1, x.size(1)]).mean([0])
      self.move(mean, variance, count, w, t)
      tape.append(mean)
      tape.append(variance)
      scale = w[t + 1] * torch.rsqrt(variance + 1e-5)
      columns = torch.stack([scale, w[t + 2] - mean * scale]).to(6).repeat([1, x.size(3)])
      y = self.map(torch.addcmul(columns[1], lines, columns[0]), x, x.size(1))
    return y

  # Overwrites what the normalisation was given.
  def normalise_back(self: __torch__.Program, d: Tensor, w: List[Tensor], slopes: List[Tensor], t: int, tape: List[Tensor]) -> Tensor:
    spread = tape.pop()
    mean = tape.pop()
    y = tape.pop()
    channels = y.size(1)
    across = y.size(3)
    count = y.size(0) * y.size(2) * across
    if count <= 1024:
      slope, scale, bias = torch.native_batch_norm_backward(d, y, w[t + 1], None, None, mean, spread, True, 1e-5, [True, True, True])
    else:
      columns = torch.stack([mean, spread]).to(6).repeat([1, across])
      ds = self.lines(d)
      ys = self.lines(y)
      none, scales, biases = torch.native_batch_norm_backward(ds, ys, None, columns[0], columns[1], None, None, False, 1e-5, [False, True, True])
      scale = scales.view([across, channels]).sum([0], dtype=7)
      bias = biases.view([across, channels]).sum([0], dtype=7)
      inverse = torch.rsqrt(spread + 1e-5)
      ofd = w[t + 1] * inverse
      ofy = ofd * inverse * scale / -count
      constant = ofd * bias / -count - ofy * mean
      columns = torch.stack([ofd, ofy, constant]).to(6).repeat([1, across])
      ys = torch.addcmul(columns[2], ys, columns[1], out=ys).addcmul_(ds, columns[0])
      slope = self.map(ys, y, channels)
    slopes[t + 1].add_(scale)
    slopes[t + 2].add_(bias)
    return slope

  # Overwrites x if its derivative can do without it, else lays it on the tape.
  def activate_ahead(self: __torch__.Program, x: Tensor, activation: int, tape: List[Tensor]) -> Tensor:
    if activation == 1:
      x = torch.relu_(x)
    if activation > 0:
      tape.append(x)
    if activation == 2:
      x = torch.hardswish(x)
    elif activation == 3:
      x = torch.mish(x)
    return x

  # Overwrites d.
  def activate_back(self: __torch__.Program, d: Tensor, activation: int, tape: List[Tensor]) -> Tensor:
    if activation == 1:
      d = torch.threshold_backward(d, tape.pop(), 0, grad_input=d)
    elif activation == 2:
      d = torch.hardswish_backward(d, tape.pop(), out=d)
    elif activation == 3:
      d = torch.mish_backward(d, tape.pop())
    return d

  # Derivative of a depthwise convolution by its filters: a depthwise convolution too, if every image
  # is a channel and the output's derivative the filter, a few images at a time for the cache. Some
  # channels of nothing keep neighbouring pixels from lying powers of two apart, in the same place of
  # the cache.
  def correlate(self: __torch__.Program, d: Tensor, x: Tensor, side: int, stride: int) -> Tensor:
    channels = x.size(1)
    high = x.size(2)
    wide = x.size(3)
    size = max(1, 393216 // (channels * high * wide))
    # Of no account to a filter of one pixel, but PyTorch would run it channel by channel without.
    dilation = max(stride, 3 - d.size(2))
    # Padding as wide as a filter is not for the fast kernel, and the taps it is for have no slope.
    padding = min(side // 2, dilation * (d.size(2) - 1))
    none = side // 2 - padding
    sum = x.new_zeros([side, side, channels])
    met = sum[none:, none:]
    ds = d.split(size)
    part = 0
    for few in x.split(size):
      images = few.size(0)
      width = images * channels
      input = x.new_empty([1, high, wide, width + 16])
      input[:, :, :, :width].view([high, wide, images, channels]).copy_(few.permute([2, 3, 0, 1]))
      input[:, :, :, width:].zero_()
      filters = x.new_empty([width + 16, 1, d.size(2), d.size(3)])
      filters[:width].view([images, channels, d.size(2), d.size(3)]).copy_(ds[part])
      filters[width:].zero_()
      y = torch.conv2d(input.permute([0, 3, 1, 2]), filters, None, [1, 1], [padding, padding], [dilation, dilation], width + 16)
      y = y[0, :width, :side - none, :side - none].permute([1, 2, 0])
      met.add_(y.reshape([side - none, side - none, images, channels]).sum([2]))
      part += 1
    return sum.permute([2, 0, 1]).unsqueeze(1)

  # Adds the derivative by the filters to their slope and returns that by x, if it is wanted.
  def convolve_back(self: __torch__.Program, d: Tensor, x: Tensor, filters: Tensor, slope: Tensor, stride: int, wanted: bool) -> Tensor:
    side = filters.size(2)
    inputs = filters.size(1)
    if inputs == 1:
      reach = 2 * x.size(2) - 1
      if side > reach:
        cut = (side - reach) // 2
        filters = filters[:, :, cut:side - cut, cut:side - cut]
        slope = slope[:, :, cut:side - cut, cut:side - cut]
        side = reach
      padding = side // 2
      # PyTorch's own derivative by filters is a fast one for 3 x 3, that by x for steps of two.
      around = side == 3
      across = stride > 1
      dx, change, none = torch.convolution_backward(d, x, filters, None, [stride, stride], [padding, padding], [1, 1], False, [0, 0], x.size(1), [across, around, False])
      if not around:
        change = self.correlate(d, x, side, stride)
      slope.add_(change)
      if across:
        d = dx
      else:
        d = torch.conv2d(d, torch.flip(filters, [2, 3]), None, [1, 1], [padding, padding], [1, 1], x.size(1))
    elif side > 1:
      padding = side // 2
      d, change1, none1 = torch.convolution_backward(d, x, filters, None, [stride, stride], [padding, padding], [1, 1], False, [0, 0], 1, [wanted, True, False])
      slope.add_(change1)
    elif x.size(0) * x.size(2) * x.size(3) <= 4096:
      ds = self.rows(d)
      slope.squeeze(3).squeeze(2).addmm_(torch.t(ds), self.rows(x))
      d = self.map(torch.mm(ds, filters.view([-1, inputs])), x, inputs)
    else:
      none2, change2, none3 = torch.convolution_backward(d, x, filters, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1, [False, True, False])
      slope.add_(change2)
      d = torch.conv2d(d, filters.transpose(0, 1).contiguous())
    return d

  # Whether a layer is taken as one: a pointwise convolution to more channels, of many pixels.
  def widens(self: __torch__.Program, x: Tensor, filters: Tensor) -> bool:
    inputs = filters.size(1)
    return filters.size(2) == 1 and inputs > 1 and filters.size(0) > inputs and x.size(0) * x.size(2) * x.size(3) > 4096

  # Convolution to more channels and normalisation at once. Mean and variance of the many channels
  # follow from mean and covariance of the few, in 64 bits, and the normalisation is folded into the
  # filters; the map between the two is never made.
  def widen_ahead(self: __torch__.Program, x: Tensor, w: List[Tensor], t: int, tape: List[Tensor]) -> Tensor:
    rows = self.rows(x).to(7)
    count = rows.size(0)
    center = rows.mean([0])
    matrix = w[t].squeeze(3).squeeze(2).to(7)
    spread = torch.mm(matrix, torch.mm(torch.t(rows), rows).div_(count).sub_(torch.outer(center, center)))
    mean = torch.mv(matrix, center)
    variance = torch.relu_((spread * matrix).sum([1]))
    self.move(mean, variance, count, w, t)
    inverse = torch.rsqrt(variance + 1e-5)
    scale = w[t + 1] * inverse
    filters = (matrix * scale.unsqueeze(1)).to(6).unsqueeze(2).unsqueeze(3)
    tape.append(x)
    tape.append(center)
    tape.append(spread)
    tape.append(inverse)
    tape.append(filters)
    return torch.conv2d(x, filters, (w[t + 2] - mean * scale).to(6))

  # Of the slope of the normalisation's output, its part in common to all pixels and its part along
  # the normalised map are taken out: both are known from the covariance again.
  def widen_back(self: __torch__.Program, d: Tensor, w: List[Tensor], slopes: List[Tensor], t: int, tape: List[Tensor]) -> Tensor:
    filters = tape.pop()
    inverse = tape.pop()
    spread = tape.pop()
    center = tape.pop()
    x = tape.pop()
    matrix = w[t].squeeze(3).squeeze(2).to(7)
    rows = self.rows(x)
    none, change, none1 = torch.convolution_backward(d, x, filters, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1, [False, True, False])
    bias = self.lines(d).sum([0]).view([x.size(3), d.size(1)]).sum([0], dtype=7)
    product = change.squeeze(3).squeeze(2).to(7).sub_(torch.outer(bias, center))
    scale = (product * matrix).sum([1]).mul_(inverse)
    ofd = w[t + 1] * inverse
    ofy = ofd * inverse * scale
    slopes[t].squeeze(3).squeeze(2).add_(product * ofd.unsqueeze(1) - spread * ofy.unsqueeze(1))
    slopes[t + 1].add_(scale)
    slopes[t + 2].add_(bias)
    ofx = torch.mm(torch.t(matrix), matrix * (ofy / -rows.size(0)).unsqueeze(1))
    constant = torch.mv(torch.t(matrix), ofd * bias / -rows.size(0)) - torch.mv(torch.t(ofx), center)
    slope = torch.conv2d(d, filters.transpose(0, 1).contiguous(), constant.to(6))
    return self.map(self.rows(slope).addmm_(rows, ofx.to(6)), x, x.size(1))

  def layer_ahead(self: __torch__.Program, x: Tensor, w: List[Tensor], t: int, stride: int, activation: int, tape: List[Tensor]) -> Tensor:
    if self.widens(x, w[t]):
      y = self.widen_ahead(x, w, t, tape)
    else:
      tape.append(x)
      y = self.normalise(self.convolve(x, w[t], None, stride, 4096), w, t, tape)
    return self.activate_ahead(y, activation, tape)

  # Overwrites d if there is a non-linearity.
  def layer_back(self: __torch__.Program, d: Tensor, w: List[Tensor], slopes: List[Tensor], t: int, stride: int, activation: int, tape: List[Tensor]) -> Tensor:
    d = self.activate_back(d, activation, tape)
    if self.widens(d, w[t]):
      d = self.widen_back(d, w, slopes, t, tape)
    else:
      d = self.normalise_back(d, w, slopes, t, tape)
      d = self.convolve_back(d, tape.pop(), w[t], slopes[t], stride, t > 0)
    return d

  def gate_ahead(self: __torch__.Program, x: Tensor, w: List[Tensor], t: int, tape: List[Tensor]) -> Tensor:
    mean = torch.mean(x, [2, 3])
    inner = torch.relu(torch.linear(mean, w[t], w[t + 1]))
    outer = torch.linear(inner, w[t + 2], w[t + 3])
    gate = torch.hardsigmoid(outer).unsqueeze(2).unsqueeze(3)
    tape.append(x)
    tape.append(mean)
    tape.append(inner)
    tape.append(outer)
    tape.append(gate)
    return x * gate

  # Overwrites d.
  def gate_back(self: __torch__.Program, d: Tensor, w: List[Tensor], slopes: List[Tensor], t: int, tape: List[Tensor]) -> Tensor:
    gate = tape.pop()
    outer = tape.pop()
    inner = tape.pop()
    mean = tape.pop()
    x = tape.pop()
    g = torch.hardsigmoid_backward((d * x).sum([2, 3]), outer)
    g = self.linear_back(g, inner, w[t + 2], slopes[t + 2], slopes[t + 3])
    g = torch.threshold_backward(g, inner, 0)
    g = self.linear_back(g, mean, w[t], slopes[t], slopes[t + 1])
    g = g.div_(x.size(2) * x.size(3)).unsqueeze(2).unsqueeze(3)
    return d.mul_(gate).add_(g)

  def linear_back(self: __torch__.Program, d: Tensor, x: Tensor, matrix: Tensor, slope: Tensor, bias: Tensor) -> Tensor:
    slope.addmm_(torch.t(d), x)
    bias.add_(d.sum([0]))
    return torch.mm(d, matrix)

  # From a batch [N, 3, r, r] to its logits [N, classes].
  def network_ahead(self: __torch__.Program, images: Tensor, w: List[Tensor], plan: List[int], tape: List[Tensor]) -> Tensor:
    outer = plan[0]
    x = self.layer_ahead(images, w, 0, plan[1], outer, tape)
    t = 5
    for block in range((len(plan) - 2) // 5):
      p = 2 + 5 * block
      input = x
      if plan[p + 2] == 1:
        x = self.layer_ahead(x, w, t, 1, plan[p + 1], tape)
        t += 5
      x = self.layer_ahead(x, w, t, plan[p], plan[p + 1], tape)
      t += 5
      if plan[p + 3] == 1:
        x = self.gate_ahead(x, w, t, tape)
        t += 4
      x = self.layer_ahead(x, w, t, 1, 0, tape)
      t += 5
      if plan[p + 4] == 1:
        x = x.add_(input)
    x = self.layer_ahead(x, w, t, 1, outer, tape)
    t += 5
    tape.append(x)
    x = torch.mean(x, [2, 3])
    tape.append(x)
    x = self.activate_ahead(torch.linear(x, w[t]), outer, tape)
    tape.append(x)
    return torch.linear(x, w[t + 1], w[t + 2])

  # From the loss's derivative by the logits to that by all tensors, which is added to the slopes.
  def network_back(self: __torch__.Program, d: Tensor, w: List[Tensor], slopes: List[Tensor], plan: List[int], tape: List[Tensor]) -> NoneType:
    outer = plan[0]
    t = len(w) - 3
    d = self.linear_back(d, tape.pop(), w[t + 1], slopes[t + 1], slopes[t + 2])
    d = self.activate_back(d, outer, tape)
    slopes[t].addmm_(torch.t(d), tape.pop())
    x = tape.pop()
    d = torch.mm(d, w[t]).div_(x.size(2) * x.size(3))
    d = d.unsqueeze(1).repeat([1, x.size(2) * x.size(3), 1])
    t -= 5
    d = self.layer_back(self.map(d, x, x.size(1)), w, slopes, t, 1, outer, tape)
    blocks = (len(plan) - 2) // 5
    for block in range(blocks):
      p = 2 + 5 * (blocks - 1 - block)
      output = d
      t -= 5
      d = self.layer_back(d, w, slopes, t, 1, 0, tape)
      if plan[p + 3] == 1:
        t -= 4
        d = self.gate_back(d, w, slopes, t, tape)
      t -= 5
      d = self.layer_back(d, w, slopes, t, plan[p], plan[p + 1], tape)
      if plan[p + 2] == 1:
        t -= 5
        d = self.layer_back(d, w, slopes, t, 1, plan[p + 1], tape)
      if plan[p + 4] == 1:
        d = d.add_(output)
    d = self.layer_back(d, w, slopes, 0, plan[1], outer, tape)

  # Where the slopes of the tensors of a network are added up: in a vector like the parameters, but
  # for filters that come of kernel transforms. Statistics, which have none, keep their places.
  def slopes(self: __torch__.Program, gradient: Tensor, starts: List[int], tensors: List[int], w: List[Tensor]) -> List[Tensor]:
    slopes : List[Tensor] = []
    i = 0
    for tensor in w:
      if tensors[i] == 1:
        slopes.append(tensor)
      elif tensors[i + 9] > 0:
        slopes.append(torch.zeros_like(tensor))
      else:
        slopes.append(self.piece(gradient, starts, tensors, i))
      i += 10 + 3 * tensors[i + 9]
    return slopes

  # Adds the slopes of transformed filters to those of the largest filters and of the transforms.
  def transform_back(self: __torch__.Program, parameters: Tensor, gradient: Tensor, starts: List[int], tensors: List[int], slopes: List[Tensor]) -> NoneType:
    i = 0
    for slope in slopes:
      transforms = tensors[i + 9]
      if transforms > 0:
        out = tensors[i + 6]
        filters = self.piece(parameters, starts, tensors, i)
        centres : List[Tensor] = []
        for j in range(transforms):
          q = i + 10 + 3 * j
          to = tensors[q + 2]
          centres.append(self.centre(filters, tensors[q + 1], to))
          filters = torch.linear(centres[j], self.matrix(parameters, starts[tensors[q]], to)).view([out, 1, to, to])
        d = slope
        for j1 in range(transforms):
          q1 = i + 10 + 3 * (transforms - 1 - j1)
          start = starts[tensors[q1]]
          side = tensors[q1 + 1]
          to1 = tensors[q1 + 2]
          flat = d.reshape([out, to1 * to1])
          self.matrix(gradient, start, to1).addmm_(torch.t(flat), centres.pop())
          if j1 < transforms - 1:
            d = slope.new_zeros([out, 1, side, side])
          else:
            d = self.piece(gradient, starts, tensors, i)
          cut = (side - to1) // 2
          centre = torch.mm(flat, self.matrix(parameters, start, to1)).view([out, 1, to1, to1])
          d[:, :, cut:side - cut, cut:side - cut].add_(centre)
      i += 10 + 3 * transforms

  # Sum over images of the logarithm of the probabilities, weighted by the targets [N, classes], and
  # the logits. The sum's derivative by the parameters, times a factor, is added to a vector.
  def differentiate(self: __torch__.Program, images: Tensor, targets: Tensor, factor: float, parameters: Tensor, parameter_sizes: List[int], statistics: Tensor, statistic_sizes: List[int], tensors: List[int], plan: List[int], gradient: Tensor) -> List[Tensor]:
    starts = self.starts(parameter_sizes)
    w = self.views(parameters, starts, statistics, self.starts(statistic_sizes), tensors)
    slopes = self.slopes(gradient, starts, tensors, w)
    tape : List[Tensor] = []
    logits = self.network_ahead(images.contiguous(memory_format=2), w, plan, tape)
    logs = torch.log_softmax(logits, 1)
    d = (targets - torch.exp(logs) * targets.sum([1], True)).mul_(factor)
    self.network_back(d, w, slopes, plan, tape)
    self.transform_back(parameters, gradient, starts, tensors, slopes)
    return [(logs * targets).sum(), logits]
