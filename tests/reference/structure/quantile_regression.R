# Coefficients of linear quantile regression, R quantreg's rq (Barrodale and Roberts):
#   Rscript quantile_regression.R > quantile_regression.csv
# engel is quantreg's; the second sample is made below by a rule that the test repeats.
suppressMessages(library(quantreg))
data(engel)
n <- 400
i <- seq_len(n)
u <- (i * 0.6180339887498949) %% 1
v <- (i * 0.7548776662466927) %% 1
x <- 6 + 5 * u
y <- -90 + 22 * x - 1.2 * x^2 + (2 + x) * qlogis(0.01 + 0.98 * v)
cat("data,quantile,term,estimate\n")
for (q in c(0.1, 0.25, 0.5, 0.75, 0.9)) {
  a <- coef(rq(foodexp ~ income, tau = q, data = engel))
  b <- coef(rq(y ~ x + I(x^2), tau = q))
  for (k in 1:2) cat(sprintf("engel,%g,%d,%.17g\n", q, k - 1, a[k]))
  for (k in 1:3) cat(sprintf("quadratic,%g,%d,%.17g\n", q, k - 1, b[k]))
}
