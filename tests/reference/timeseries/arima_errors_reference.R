# Standard errors of ARIMA parameters from the observed information. R 4.2, base stats and forecast.
# Run: Rscript arima_errors_reference.R > arima_errors_reference.csv
# arima() inverts the numerical Hessian of the exact likelihood at its maximum.
options(digits = 10)
collapse <- c(rep(c(2.0, 3.0, 4.0, 3.0, 2.5, 3.5), 6), -40.0) # steady growth, then a collapse
series <- list(collapse = collapse, huron = as.numeric(LakeHuron), nile = as.numeric(Nile),
               lynx = log10(as.numeric(lynx)))
cases <- list(list("collapse", c(0, 0, 0)), list("collapse", c(1, 0, 0)), list("huron", c(1, 0, 0)),
              list("huron", c(2, 0, 0)), list("huron", c(1, 0, 1)), list("nile", c(0, 1, 1)),
              list("nile", c(1, 1, 1)), list("lynx", c(2, 0, 0)), list("lynx", c(3, 0, 0)))
cat("series,order,name,estimate,error\n")
for (case in cases) {
  m <- arima(series[[case[[1]]]], order = case[[2]], method = "ML",
             optim.control = list(reltol = 1e-14, maxit = 1000))
  order <- paste(case[[2]], collapse = "")
  cat(sprintf("%s,%s,%s,%.9g,%.9g\n", case[[1]], order, names(coef(m)), coef(m),
              sqrt(diag(vcov(m)))), sep = "")
}
