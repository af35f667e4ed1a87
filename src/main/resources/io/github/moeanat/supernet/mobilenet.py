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

  # Overwrites x unless gradients need it.
  def activate(self: __torch__.Program, x: Tensor, activation: int, differentiable: bool) -> Tensor:
    if activation == 1:
      x = torch.relu_(x)
    elif activation == 2:
      if differentiable:
        x = torch.hardswish(x)
      else:
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

  # Normalises by the batch and moves the running statistics as PyTorch's training mode does. The
  # channels-last kernel sums in the precision of its input; above some rows 32 bits are too few.
  def normalise(self: __torch__.Program, x: Tensor, w: List[Tensor], t: int) -> Tensor:
    if x.numel() > 1024 * x.size(1):
      mean = w[t + 3].to(7)
      variance = w[t + 4].to(7)
      y = torch.batch_norm(x.to(7), w[t + 1].to(7), w[t + 2].to(7), mean, variance, True, 0.1, 1e-5, False)
      w[t + 3].copy_(mean)
      w[t + 4].copy_(variance)
      x = y.to(6)
    else:
      x = torch.batch_norm(x, w[t + 1], w[t + 2], w[t + 3], w[t + 4], True, 0.1, 1e-5, False)
    return x

  # Convolution, normalisation and non-linearity of a batch in parts. Mode 0: folded; 1: normalised
  # by the statistics of the whole batch, which are appended; 2: training, one part.
  def layer(self: __torch__.Program, xs: List[Tensor], w: List[Tensor], t: int, stride: int, activation: int, mode: int, statistics: List[Tensor]) -> List[Tensor]:
    ys : List[Tensor] = []
    few = 1024
    if mode == 2:
      few = 4096
    if mode == 0:
      for x in xs:
        ys.append(self.activate(self.convolve(x, w[t], w[t + 1], stride, few), activation, False))
    elif mode == 1:
      for x in xs:
        ys.append(self.convolve(x, w[t], None, stride, few))
      mean, variance = self.pooled(ys)
      statistics.append(mean)
      statistics.append(variance)
      mean = mean.to(6)
      variance = variance.to(6)
      for i in range(len(ys)):
        y = torch.batch_norm(ys[i], w[t + 1], w[t + 2], mean, variance, False, 0., 1e-5, False)
        ys[i] = self.activate(y, activation, False)
    else:
      for x in xs:
        y = self.normalise(self.convolve(x, w[t], None, stride, few), w, t)
        ys.append(self.activate(y, activation, True))
    return ys

  # Squeeze-and-excitation.
  def gate(self: __torch__.Program, x: Tensor, w: List[Tensor], t: int, mode: int) -> Tensor:
    g = torch.relu(torch.linear(torch.mean(x, [2, 3]), w[t], w[t + 1]))
    g = torch.hardsigmoid(torch.linear(g, w[t + 2], w[t + 3])).unsqueeze(2).unsqueeze(3)
    if mode == 2:
      x = x * g
    else:
      x = x.mul_(g)
    return x

  # From parts of a batch [N, 3, r, r] to their logits [N, classes].
  def network(self: __torch__.Program, images: List[Tensor], w: List[Tensor], plan: List[int], mode: int, statistics: List[Tensor]) -> List[Tensor]:
    width = 5
    if mode == 0:
      width = 2
    outer = plan[0]
    xs = self.layer(images, w, 0, plan[1], outer, mode, statistics)
    t = width
    for block in range((len(plan) - 2) // 5):
      p = 2 + 5 * block
      activation = plan[p + 1]
      inputs = xs
      if plan[p + 2] == 1:
        xs = self.layer(xs, w, t, 1, activation, mode, statistics)
        t += width
      xs = self.layer(xs, w, t, plan[p], activation, mode, statistics)
      t += width
      if plan[p + 3] == 1:
        for i in range(len(xs)):
          xs[i] = self.gate(xs[i], w, t, mode)
        t += 4
      xs = self.layer(xs, w, t, 1, 0, mode, statistics)
      t += width
      if plan[p + 4] == 1:
        for i in range(len(xs)):
          if mode == 2:
            xs[i] = xs[i] + inputs[i]
          else:
            xs[i] = xs[i].add_(inputs[i])
    xs = self.layer(xs, w, t, 1, outer, mode, statistics)
    t += width
    logits : List[Tensor] = []
    for x in xs:
      features = self.activate(torch.linear(torch.mean(x, [2, 3]), w[t]), outer, mode == 2)
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
      logits.append(self.network([part.contiguous(memory_format=2)], w, plan, 0, [])[0])
    return torch.cat(logits)

  # Means and variances of all normalisations one behind the other, when each normalises by the
  # whole batch; computed layer by layer, a few images at a time.
  def calibrate(self: __torch__.Program, images: Tensor, w: List[Tensor], plan: List[int], size: int) -> Tensor:
    statistics : List[Tensor] = []
    logits = self.network(self.parts(images, size), w, plan, 1, statistics)
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

  def ints(self: __torch__.Program, values: Tensor) -> List[int]:
    return annotate(List[int], values.tolist())

  # The tensors of a network as views of a supernet's two vectors. Each is described by: whether it
  # is a statistic; the number of its vector's piece; its axes (1, 2 or 4); full sizes of output,
  # input and side; active sizes of the same; how many kernel transforms lead to the smaller side,
  # and for each the number of its matrix, its larger and its smaller side.
  def views(self: __torch__.Program, parameters: Tensor, parameter_sizes: List[int], statistics: Tensor, statistic_sizes: List[int], tensors: List[int]) -> List[Tensor]:
    ps = torch.split_with_sizes(parameters, parameter_sizes)
    ss = torch.split_with_sizes(statistics, statistic_sizes)
    views : List[Tensor] = []
    i = 0
    while i < len(tensors):
      piece = tensors[i + 1]
      axes = tensors[i + 2]
      out = tensors[i + 6]
      if tensors[i] == 1:
        view = ss[piece][:out]
      elif axes == 1:
        view = ps[piece]
        if out < tensors[i + 3]:
          view = view[:out]
      else:
        sizes = [tensors[i + 3], tensors[i + 4]]
        if axes == 4:
          sizes = [tensors[i + 3], tensors[i + 4], tensors[i + 5], tensors[i + 5]]
        view = ps[piece].view(sizes)
        if out < tensors[i + 3]:
          view = view[:out]
        if tensors[i + 7] < tensors[i + 4]:
          view = view[:, :tensors[i + 7]]
      transforms = tensors[i + 9]
      i += 10
      for j in range(transforms):
        side = tensors[i + 1]
        to = tensors[i + 2]
        cut = (side - to) // 2
        centre = view[:, :, cut:side - cut, cut:side - cut].reshape([out, to * to])
        matrix = ps[tensors[i]].view([to * to, to * to])
        view = torch.linear(centre, matrix).view([out, 1, to, to])
        i += 3
      views.append(view)
    return views

  # Copies of the tensors of a network.
  def extract(self: __torch__.Program, parameters: Tensor, parameter_sizes: List[int], statistics: Tensor, statistic_sizes: List[int], tensors: List[int]) -> List[Tensor]:
    copies : List[Tensor] = []
    for view in self.views(parameters, parameter_sizes, statistics, statistic_sizes, tensors):
      copies.append(view.clone(memory_format=0))
    return copies

  # Sum over images of the logarithm of the probabilities, weighted by the targets [N, classes], and
  # the logits.
  def forward(self: __torch__.Program, images: Tensor, targets: Tensor, parameters: Tensor, parameter_sizes: Tensor, statistics: Tensor, statistic_sizes: Tensor, tensors: Tensor, plan: Tensor) -> List[Tensor]:
    w = self.views(parameters, self.ints(parameter_sizes), statistics, self.ints(statistic_sizes), self.ints(tensors))
    logits = self.network([images.contiguous(memory_format=2)], w, self.ints(plan), 2, [])[0]
    likelihood = (torch.log_softmax(logits, 1) * targets).sum()
    return [likelihood, logits]
