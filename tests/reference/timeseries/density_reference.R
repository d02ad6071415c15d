# Reference values for the density models of growth.
# R 4.2, forecast 8.20, base stats. Run: Rscript density_reference.R
# Writes density_series.csv (the series) and density_reference.csv (the numbers).
suppressMessages(library(forecast))
options(digits = 12)
# GDP per person employed, China, constant 2021 PPP $, 1991-2024: World Bank, World Development
# Indicators of 2026-07-01, SL.GDP.PCAP.EM.KD.
opw <- c(3280, 3713, 4207, 4722, 5196, 5662, 6121, 6535, 6977, 7508, 8074, 8739, 9529, 10355,
         11399, 12705, 14405, 15770, 17224, 18968, 20650, 22258, 23987, 25748, 27526, 29369, 31434,
         33601, 35777, 37511, 39481, 41490, 43341, 45842)
series <- list(china = ts(diff(100 * log(opw)), start = 1992), nile = Nile, huron = LakeHuron)
out <- NULL
add <- function(series, model, name, value)
  out <<- rbind(out, data.frame(series, model, name, value = as.numeric(value)))

# 1. order chosen, level of d up to 1, mean where d is 0, no drift
for (s in names(series)) {
  m <- auto.arima(series[[s]], max.p = 3, max.q = 3, max.d = 1, seasonal = FALSE,
                  allowdrift = FALSE, stepwise = TRUE)
  add(s, "auto", c("p", "d", "q"), arimaorder(m))
  add(s, "auto", "aicc", m$aicc)
  add(s, "auto", paste0("forecast", 1:10), forecast(m, 10)$mean)
}
# 2. fixed orders
fixed <- list(list("china", c(1, 0, 0)), list("china", c(0, 1, 1)), list("nile", c(1, 1, 1)),
              list("huron", c(2, 0, 0)), list("huron", c(1, 0, 1)))
for (f in fixed) {
  m <- Arima(series[[f[[1]]]], order = f[[2]], include.mean = TRUE, method = "ML")
  name <- paste(f[[2]], collapse = "")
  add(f[[1]], name, names(coef(m)), coef(m))
  add(f[[1]], name, paste0("se_", names(coef(m))), sqrt(diag(vcov(m))))
  add(f[[1]], name, "sigma2", m$sigma2)
  add(f[[1]], name, paste0("forecast", 1:10), forecast(m, 10)$mean)
}
# 3. damped local linear trend with given variances, 100 x log output per worker
trend <- function(y, irregular, level, slope, phi) {
  mod <- list(T = matrix(c(1, 0, 1, phi), 2), V = diag(c(level, slope)), h = irregular,
              Z = c(1, 0), a = c(y[1], 0), P = diag(1e7, 2), Pn = diag(1e7, 2))
  run <- KalmanRun(y, mod, update = TRUE)
  new <- attr(run, "mod")
  list(state = new$a, cov = new$P, forecast = KalmanForecast(10, new)$pred)
}
for (v in list(c(0.2, 0.6, 0.5, 1), c(0.25, 0.5, 0.1, 0.97), c(0, 1, 2, 0.94))) {
  y <- 100 * log(opw)
  r <- trend(y - y[1], v[1], v[2], v[3], v[4])
  name <- paste(v, collapse = "_")
  add("china_level", name, c("level", "slope"), r$state)
  add("china_level", name, c("p11", "p12", "p22"), r$cov[c(1, 3, 4)])
  add("china_level", name, paste0("forecast", 1:10), r$forecast)
}
long <- do.call(rbind, lapply(names(series), function(s)
  data.frame(series = s, year = as.numeric(time(series[[s]])), value = as.numeric(series[[s]]))))
write.csv(format(long, digits = 15), "density_series.csv", row.names = FALSE, quote = FALSE)
write.csv(format(out, digits = 12), "density_reference.csv", row.names = FALSE, quote = FALSE)
