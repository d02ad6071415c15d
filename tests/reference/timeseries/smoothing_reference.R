# Reference values for exponential smoothing and Theta.
# R 4.2, forecast 8.20. Run: Rscript smoothing_reference.R
# Writes smoothing_series.csv (the series) and smoothing_reference.csv (the numbers).
suppressMessages(library(forecast))
# GDP per person employed, China, constant 2021 PPP $, 1991-2024: World Bank, World Development
# Indicators of 2026-07-01, SL.GDP.PCAP.EM.KD.
opw <- c(3280, 3713, 4207, 4722, 5196, 5662, 6121, 6535, 6977, 7508, 8074, 8739, 9529, 10355,
         11399, 12705, 14405, 15770, 17224, 18968, 20650, 22258, 23987, 25748, 27526, 29369, 31434,
         33601, 35777, 37511, 39481, 41490, 43341, 45842)
series <- list(china = ts(100 * log(opw / opw[1]), start = 1991), nile = Nile, huron = LakeHuron,
               www = WWWusage)
out <- NULL
add <- function(series, model, name, value)
  out <<- rbind(out, data.frame(series, model, name, value = as.numeric(value)))
for (s in names(series)) {
  y <- series[[s]]
  for (form in list(c("ANN", FALSE), c("AAN", FALSE), c("AAN", TRUE))) {
    damped <- as.logical(form[2])
    m <- ets(y, model = form[1], damped = damped, bounds = "both")
    name <- if (damped) "AAdN" else form[1]
    add(s, name, "aicc", m$aicc)
    smoothing <- m$par[names(m$par) %in% c("alpha", "beta", "phi")]
    add(s, name, names(smoothing), smoothing)
    add(s, name, paste0("forecast", 1:10), forecast(m, 10)$mean)
  }
  best <- ets(y, additive.only = TRUE)
  add(s, paste("best", gsub("[(),]", "", best$method)), "aicc", best$aicc)
  t <- thetaf(y, 10)
  add(s, "theta", "alpha", ses(y, 10)$model$par["alpha"])
  add(s, "theta", "slope", lsfit(seq_along(y), y)$coef[2])
  add(s, "theta", paste0("forecast", 1:10), t$mean)
}
long <- do.call(rbind, lapply(names(series), function(s)
  data.frame(series = s, year = as.numeric(time(series[[s]])), value = as.numeric(series[[s]]))))
write.csv(format(long, digits = 15), "smoothing_series.csv", row.names = FALSE, quote = FALSE)
write.csv(format(out, digits = 10), "smoothing_reference.csv", row.names = FALSE, quote = FALSE)
