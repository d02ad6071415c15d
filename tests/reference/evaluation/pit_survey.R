# Rao and Scott's test of equal shares with clusters. The covariance of the shares is that of R's
# survey::svymean; the statistic and its F follow svychisq(statistic = "F") of the same package.
# Blocks of unequal size; values from a linear congruential generator, so that Python makes the same.
#   Rscript pit_survey.R > pit_survey.txt
suppressMessages(library(survey))
state <- 1
next_unit <- function() { state <<- (16807 * state) %% 2147483647; state / 2147483647 }
block <- c(); pit <- c()
for (g in 1:60) {
  level <- next_unit()
  for (k in 1:(2 + g %% 5)) {
    block <- c(block, g); pit <- c(pit, (level + 0.3 * next_unit()) %% 1)
  }
}
part <- factor(pmin(floor(10 * pit), 9), levels = 0:9)
design <- svydesign(ids = ~block, weights = ~1, data = data.frame(block, part))
n <- length(pit)
shares <- svymean(~part, design)
effect <- 10 * n * vcov(shares)
pearson <- n * 10 * sum((coef(shares) - 0.1)^2)
first <- sum(diag(effect))
degrees <- first^2 / sum(effect^2)
statistic <- pearson / first
p <- pf(statistic, degrees, degrees * (60 - 1), lower.tail = FALSE)
cat(sprintf("%s, survey %s\n", R.version.string, as.character(packageVersion("survey"))))
cat(sprintf("n %d\nstatistic %.12f\ndegrees %.12f\np %.12f\n", n, statistic, degrees, p))
