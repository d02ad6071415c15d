# The exponent of cross-section dependence written out from Bailey, Kapetanios and Pesaran (2016),
# printed to dependence_exponent.csv:
#   Rscript dependence_exponent.R
# R 4.2, lm, prcomp, p.adjust (Holm); data of plm 2.6-2. Variances divide by T - 1.
data(Cigar, package = "plm"); data(Produc, package = "plm"); data(SumHes, package = "plm")
growth <- function(d, unit, v) sapply(split(log(d[[v]]), d[[unit]]), diff)
sets <- list(Cigar_sales = growth(Cigar, "state", "sales"),
             Cigar_ndi = growth(Cigar, "state", "ndi"),
             Produc_gsp = growth(Produc, "state", "gsp"),
             SumHes_gdp = growth(SumHes, "country", "gdp"))
out <- file("dependence_exponent.csv", "w")
cat("series,standardized,components,size,plain,alpha,error,significant\n", file = out)
for (name in names(sets)) for (std in c(TRUE, FALSE)) for (k in c(2, 4)) for (size in c(0.1, 0.01)) {
  x <- scale(sets[[name]], scale = std); n <- nrow(x); N <- ncol(x)
  m <- rowMeans(x); s2 <- var(m)
  P <- prcomp(x, center = FALSE)$x[, 1:k]
  c2 <- var(sqrt(N) * rowMeans(resid(lm(x ~ P - 1))))
  t <- sapply(1:N, function(i) summary(lm(x[, i] ~ m))$coefficients[2, 3])
  keep <- p.adjust(2 * pnorm(-abs(t)), "holm") <= size
  plain <- 1 + log(s2) / (2 * log(N))
  alpha <- plain - c2 / (2 * log(N) * N * s2)
  if (any(keep)) alpha <- alpha - log(var(rowMeans(x[, keep, drop = FALSE]))) / (2 * log(N))
  z <- m / sd(m); q <- z^2 - mean(z^2); p <- ceiling(round(n^(1/3), 9))
  E <- embed(q, p + 1); a <- lm(E[, 1] ~ E[, -1] - 1)
  V <- mean(resid(a)^2) / (1 - sum(coef(a)))^2
  v <- coef(lm(x ~ z - 1))[1, ]; g <- min(max(round(N^alpha), 2), N)
  S <- var(v[order(-abs(v))][1:g])
  cat(sprintf("%s,%s,%d,%g,%.17g,%.17g,%.17g,%d\n", name, std, k, size, plain, alpha,
              sqrt(V / n + 4 * S / N^alpha) / (2 * log(N)), sum(keep)), file = out)
}
close(out)
