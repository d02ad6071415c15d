# Printed numbers for tests/structure: Rscript hazard_reference.R > hazard_reference.csv
# R base (glm) and sandwich (vcovCL); the sample is written out, 240 rows in 24 groups of ten.
library(sandwich)
i <- 0:239
group <- i %/% 10
x1 <- log(1 + i %% 10)
x2 <- 3 * sin(1.3 * group) + 20
x3 <- cos(0.7 * i)
y <- as.numeric(((i * 53) %% 97) / 97 < 0.08 + 0.1 * x1 / 2.3 + 0.01 * (x2 - 17) + 0.05 * x3)
row <- function(link, what, value) cat(sprintf("%s,%s,%.12g\n", link, what, value))
cat("link,what,value\n")
for (link in c("cloglog", "logit")) {
  fit <- glm(y ~ x1 + x2 + x3, family = binomial(link),
             control = glm.control(epsilon = 1e-15, maxit = 200))
  se <- sqrt(diag(vcovCL(fit, cluster = group, type = "HC1", cadjust = TRUE)))
  for (k in 1:4) {
    row(link, paste0("b", k - 1), coef(fit)[k])
    row(link, paste0("se", k - 1), se[k])
  }
  row(link, "log_likelihood", as.numeric(logLik(fit)))
  row(link, "events", sum(y))
}
