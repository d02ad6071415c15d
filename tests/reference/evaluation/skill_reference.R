# Printed numbers for tests/evaluation: Rscript skill_reference.R > skill_reference.csv
# R base (isoreg, wilcox.test) and the package forecast (dm.test).
suppressMessages(library(forecast))
t <- 1:40
e1 <- sin(t * 1.7) + 0.3 * cos(t * 0.4)
e2 <- 1.2 * sin(t * 1.1 + 0.5) + 0.2 * cos(t * 0.9)
said <- ((t * 37) %% 41) / 41
event <- as.numeric(((t * 53) %% 47) / 47 < said)
row <- function(what, value) cat(sprintf("%s,%.12g\n", what, value))
cat("what,value\n")
for (h in c(1, 2, 5)) {
  d <- dm.test(e1, e2, h = h, power = 2)
  row(sprintf("dm_statistic_%d", h), d$statistic)
  row(sprintf("dm_p_%d", h), d$p.value)
}
o <- order(said)
fit <- numeric(40)
fit[o] <- isoreg(said[o], event[o])$yf
base <- mean(event)
row("miscalibration", mean((said - event)^2) - mean((fit - event)^2))
row("discrimination", mean((base - event)^2) - mean((fit - event)^2))
w <- suppressWarnings(wilcox.test(said[event == 1], said[event == 0]))$statistic
row("roc_area", w / (sum(event) * sum(1 - event)))
