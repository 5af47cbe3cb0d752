using System.Numerics.Tensors;

namespace CoopAI.Core.Tagging.Learning;

/// <summary>A linear function of features; its value is a log-odds.</summary>
internal sealed record LinearModel(float[] Weights, float Bias)
{
    public static LinearModel Zero(int features) => new(new float[features], 0);

    public float Score(ReadOnlySpan<float> features) => TensorPrimitives.Dot(Weights, features) + Bias;
}

/// <summary>Weighted logistic regression with a Gaussian prior around a given model, fitted by L-BFGS.</summary>
/// <remarks>
/// Minimises <c>Σ w·log(1 + e^(−t·z)) + ½ Σ λ_j (v_j − v0_j)²</c>, t = ±1; the bias has a penalty of its own.
/// The prior is what lets a few dozen texts refine what hundreds taught. Deterministic. Source: Nocedal and Wright,
/// "Numerical Optimization", algorithm 7.4 (two-loop recursion), with a backtracking line search.
/// </remarks>
internal static class LogisticRegression
{
    private const int Memory = 8;

    /// <param name="rows">Feature vectors of equal length.</param>
    /// <param name="truth">One for each row.</param>
    /// <param name="weights">At least 0, one for each row.</param>
    /// <param name="penalty">λ of every feature, above 0.</param>
    /// <param name="biasPenalty">λ of the bias, at least 0.</param>
    /// <param name="prior">Where the fit starts and what it is held to.</param>
    /// <param name="tolerance">The fit ends with a step that lowers the loss by less than this share.</param>
    public static LinearModel Fit(
        IReadOnlyList<float[]> rows, IReadOnlyList<bool> truth, IReadOnlyList<float> weights,
        float penalty, float biasPenalty, LinearModel prior, int iterations = 60, double tolerance = 1e-5)
    {
        var features = prior.Weights.Length;
        var penalties = new float[features + 1];
        Array.Fill(penalties, penalty);
        penalties[features] = biasPenalty;
        return Fit(rows, truth, weights, penalties, prior, iterations, tolerance);
    }

    /// <param name="penalties">λ of each feature and, last, of the bias.</param>
    public static LinearModel Fit(
        IReadOnlyList<float[]> rows, IReadOnlyList<bool> truth, IReadOnlyList<float> weights,
        ReadOnlySpan<float> penalties, LinearModel prior, int iterations, double tolerance = 1e-5) =>
        Fit(
            rows.Count, (r, at) => TensorPrimitives.Dot(at, rows[r]), (r, pull, into) => TensorPrimitives.MultiplyAdd(rows[r], pull, into, into),
            truth, weights, penalties, prior, iterations, tolerance);

    /// <summary>The product of a row and a model's weights.</summary>
    public delegate float RowProduct(int row, ReadOnlySpan<float> weights);

    /// <summary>Adds a row, times a number, to a gradient.</summary>
    public delegate void RowAddition(int row, float times, Span<float> gradient);

    /// <summary>The same for rows of any form, such as rows that are nearly empty.</summary>
    public static LinearModel Fit(
        int rows, RowProduct product, RowAddition add, IReadOnlyList<bool> truth, IReadOnlyList<float> weights,
        ReadOnlySpan<float> penalties, LinearModel prior, int iterations, double tolerance = 1e-5)
    {
        var n = prior.Weights.Length + 1;
        var start = new float[n];
        prior.Weights.CopyTo(start, 0);
        start[n - 1] = prior.Bias;
        if (rows == 0) return prior;

        var lambda = penalties.ToArray();
        var x = (float[])start.Clone();
        var gradient = new float[n];
        var value = Loss(x, gradient);
        var steps = new List<(float[] S, float[] Y, double Rho)>(Memory);
        var next = new float[n];
        var nextGradient = new float[n];
        for (var i = 0; i < iterations; i++)
        {
            var direction = Direction(gradient, steps);
            double slope = TensorPrimitives.Dot<float>(direction, gradient);
            if (slope >= 0) break;
            var step = steps.Count == 0 ? Math.Min(1, 1 / TensorPrimitives.Norm<float>(gradient)) : 1f;
            double nextValue;
            var tries = 0;
            while (true)
            {
                TensorPrimitives.MultiplyAdd(direction, step, x, next);
                nextValue = Loss(next, nextGradient);
                if (nextValue <= value + (1e-4 * step * slope) || ++tries > 20) break;
                step /= 2;
            }

            if (nextValue >= value) break;
            var s = new float[n];
            var y = new float[n];
            TensorPrimitives.Subtract(next, x, s);
            TensorPrimitives.Subtract(nextGradient, gradient, y);
            double curvature = TensorPrimitives.Dot<float>(s, y);
            if (curvature > 1e-10)
            {
                if (steps.Count == Memory) steps.RemoveAt(0);
                steps.Add((s, y, 1 / curvature));
            }

            var done = value - nextValue < tolerance * Math.Max(1, Math.Abs(value));
            (x, next) = (next, x);
            (gradient, nextGradient) = (nextGradient, gradient);
            value = nextValue;
            if (done) break;
        }

        return new LinearModel(x[..(n - 1)], x[n - 1]);

        double Loss(float[] at, float[] into)
        {
            // Penalty first, so that the rows' part is added to what is there.
            double loss = 0;
            for (var j = 0; j < n; j++)
            {
                var gap = at[j] - start[j];
                loss += 0.5 * lambda[j] * gap * gap;
                into[j] = lambda[j] * gap;
            }

            var weightsOf = at.AsSpan(0, n - 1);
            var gradientOf = into.AsSpan(0, n - 1);
            for (var r = 0; r < rows; r++)
            {
                if (weights[r] == 0) continue;
                var margin = (truth[r] ? 1 : -1) * (product(r, weightsOf) + at[n - 1]);
                loss += weights[r] * (margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : -margin + Math.Log(1 + Math.Exp(margin)));
                var pull = (float)((truth[r] ? -weights[r] : weights[r]) / (1 + Math.Exp(margin)));
                add(r, pull, gradientOf);
                into[n - 1] += pull;
            }

            return loss;
        }
    }

    private static float[] Direction(float[] gradient, List<(float[] S, float[] Y, double Rho)> steps)
    {
        var q = (float[])gradient.Clone();
        Span<double> alpha = stackalloc double[steps.Count];
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            alpha[i] = steps[i].Rho * TensorPrimitives.Dot<float>(steps[i].S, q);
            TensorPrimitives.MultiplyAdd(steps[i].Y, (float)-alpha[i], q, q);
        }

        if (steps.Count > 0)
        {
            var (s, y, _) = steps[^1];
            TensorPrimitives.Multiply(q, TensorPrimitives.Dot<float>(s, y) / TensorPrimitives.Dot<float>(y, y), q);
        }

        for (var i = 0; i < steps.Count; i++)
        {
            var beta = steps[i].Rho * TensorPrimitives.Dot<float>(steps[i].Y, q);
            TensorPrimitives.MultiplyAdd(steps[i].S, (float)(alpha[i] - beta), q, q);
        }

        TensorPrimitives.Negate(q, q);
        return q;
    }
}
