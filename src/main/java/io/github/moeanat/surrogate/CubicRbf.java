package io.github.moeanat.surrogate;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * The interpolant {@code sum w_i |x - x_i|^3 + a + b.x} with {@code sum w_i = 0} and {@code sum w_i
 * x_i = 0}, on some of the features of the points it is asked about.
 *
 * <p>The textbook solves one indefinite system for weights and tail. Here the kernel matrix is
 * projected onto the vectors that satisfy the side conditions, on which it is positive definite;
 * one Cholesky decomposition then gives the weights, at a third of the price, and the tail follows
 * from what they leave over. It also needs no special case where the tail is not determined: the
 * one with the smallest slopes is taken.
 */
final class CubicRbf {

  // Below this share of its length, what a basis leaves over of a feature is rounding.
  private static final double DEPENDENT = 1e-9;

  private final int[] features;
  private final double[][] columns;
  private final double[] weights;
  private final double[] means;
  private final double[] slopes;
  private final double intercept;

  private CubicRbf(int[] features, double[][] columns, double[] targets, double ridge) {
    this.features = features;
    this.columns = columns;
    this.means = Arrays.stream(columns).mapToDouble(CubicRbf::mean).toArray();
    double[][] basis = tailBasis();
    double[][] kernel = kernel(ridge);
    this.weights = remove(basis, solve(project(kernel, basis), remove(basis, targets.clone())));
    double[] rest = targets.clone();
    for (int i = 0; i < rest.length; i++) {
      rest[i] -= dot(kernel[i], weights);
    }
    this.intercept = mean(rest);
    this.slopes = slopes(basis, rest);
  }

  /** Fits the model to distinct points. */
  static CubicRbf fit(TrainingSet distinct, int[] features, double ridge) {
    double[][] columns = new double[features.length][];
    Arrays.setAll(columns, distinct::column);
    double[] targets = new double[distinct.size()];
    Arrays.setAll(targets, distinct::target);
    return new CubicRbf(features, columns, targets, ridge);
  }

  /** Number of distinct points, and the least length of {@code predict}'s scratch array. */
  int size() {
    return weights.length;
  }

  double predict(double[] point, double[] scratch) {
    int n = weights.length;
    double sum = intercept;
    Arrays.fill(scratch, 0, n, 0);
    for (int f = 0; f < features.length; f++) {
      double value = point[features[f]];
      sum += slopes[f] * (value - means[f]);
      addSquares(value, columns[f], 0, n, scratch);
    }
    cube(scratch, 0, n);
    return sum + dot(weights, scratch);
  }

  // An orthonormal basis of the tail's values at the points: the constant, then the features as far
  // as they are independent. Gram-Schmidt is done twice, which is enough for full precision.
  private double[][] tailBasis() {
    int n = columns[0].length;
    double[][] basis = new double[Math.min(n, columns.length + 1)][];
    basis[0] = new double[n];
    Arrays.fill(basis[0], 1 / Math.sqrt(n));
    int size = 1;
    for (int f = 0; f < columns.length && size < n; f++) {
      double before = Math.sqrt(dot(columns[f], columns[f]));
      double[] rest = remove(Arrays.copyOf(basis, size), columns[f].clone());
      double after = Math.sqrt(dot(rest, rest));
      if (after > DEPENDENT * before) {
        remove(Arrays.copyOf(basis, size), rest);
        scale(rest, 1 / Math.sqrt(dot(rest, rest)));
        basis[size++] = rest;
      }
    }
    return Arrays.copyOf(basis, size);
  }

  private double[][] kernel(double ridge) {
    int n = columns[0].length;
    double[][] kernel = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (double[] column : columns) {
        addSquares(column[i], column, i + 1, n, kernel[i]);
      }
      cube(kernel[i], i + 1, n);
      kernel[i][i] = ridge;
    }
    mirror(kernel);
    return kernel;
  }

  // With Q the basis and A the kernel, returns (I-QQ')A(I-QQ') + sQQ': positive definite, and equal
  // to A on vectors orthogonal to the basis, which are all that it is solved for.
  private static double[][] project(double[][] kernel, double[][] basis) {
    int n = kernel.length;
    double size = 1;
    for (double[] row : kernel) {
      size = Math.max(size, Arrays.stream(row).max().orElse(0));
    }
    double[][] update = new double[basis.length][n];
    for (int k = 0; k < basis.length; k++) {
      for (int i = 0; i < n; i++) {
        update[k][i] = dot(kernel[i], basis[k]);
      }
    }
    for (int k = 0; k < basis.length; k++) {
      double[] image = update[k].clone();
      for (int l = 0; l < basis.length; l++) {
        double half = (dot(basis[l], image) + (k == l ? size : 0)) / 2;
        addScaled(update[k], -half, basis[l], 0);
      }
    }
    double[][] projected = new double[n][];
    for (int i = 0; i < n; i++) {
      projected[i] = kernel[i].clone();
      for (int k = 0; k < basis.length; k++) {
        addScaled(projected[i], -update[k][i], basis[k], i);
        addScaled(projected[i], -basis[k][i], update[k], i);
      }
    }
    mirror(projected);
    return projected;
  }

  // Distinct integers are far enough apart for any ridge, real numbers may not be: then the ridge
  // is raised to the rounding error of the largest entry, and tenfold until the matrix is definite.
  private static double[] solve(double[][] matrix, double[] right) {
    double extra = 0;
    while (true) {
      try {
        RealMatrix definite = new Array2DRowRealMatrix(matrix, false);
        return new CholeskyDecomposition(definite, 1e-15, 0)
            .getSolver()
            .solve(new ArrayRealVector(right, false))
            .toArray();
      } catch (NonPositiveDefiniteMatrixException e) {
        double largest = 0;
        for (double[] row : matrix) {
          largest = Math.max(largest, Arrays.stream(row).map(Math::abs).max().orElse(0));
        }
        extra = Math.max(10 * extra, largest * 1e-15);
        for (int i = 0; i < matrix.length; i++) {
          matrix[i][i] += extra;
        }
      }
    }
  }

  private double[] slopes(double[][] basis, double[] rest) {
    int rank = basis.length - 1;
    if (rank == 0) {
      return new double[columns.length];
    }
    double[][] system = new double[rank][columns.length];
    double[] right = new double[rank];
    for (int k = 0; k < rank; k++) {
      right[k] = dot(basis[k + 1], rest);
      for (int f = 0; f < columns.length; f++) {
        system[k][f] = dot(basis[k + 1], columns[f]);
      }
    }
    return new SingularValueDecomposition(new Array2DRowRealMatrix(system, false))
        .getSolver()
        .solve(new ArrayRealVector(right, false))
        .toArray();
  }

  // Takes out of a vector what the basis spans, in place.
  private static double[] remove(double[][] basis, double[] vector) {
    for (double[] direction : basis) {
      addScaled(vector, -dot(direction, vector), direction, 0);
    }
    return vector;
  }

  private static void mirror(double[][] matrix) {
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < i; j++) {
        matrix[i][j] = matrix[j][i];
      }
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  // The loops below are one statement each because that is what the compiler turns into SIMD code.

  private static void addSquares(double value, double[] column, int from, int to, double[] sums) {
    for (int i = from; i < to; i++) {
      sums[i] += (value - column[i]) * (value - column[i]);
    }
  }

  private static void cube(double[] squares, int from, int to) {
    for (int i = from; i < to; i++) {
      squares[i] *= Math.sqrt(squares[i]);
    }
  }

  private static void scale(double[] vector, double factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
  }

  private static void addScaled(double[] vector, double factor, double[] other, int from) {
    for (int i = from; i < vector.length; i++) {
      vector[i] += factor * other[i];
    }
  }

  // Four sums, since one is bound by the latency of its additions.
  private static double dot(double[] a, double[] b) {
    int n = a.length;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < n; i++) {
      s0 += a[i] * b[i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
