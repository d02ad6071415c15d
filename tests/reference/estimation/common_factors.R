# Dynamic common correlated effects (Chudik and Pesaran 2015) and the augmented mean group (Eberhardt
# and Teal 2010) by lm, country by country.  Rscript common_factors.R  writes common_factors.csv.
data(Grunfeld, package = "plm"); data(Cigar, package = "plm"); data(Produc, package = "plm")
Grunfeld$firm <- sprintf("F%03d", Grunfeld$firm)
number <- function(d) as.integer(substr(d$firm, 2, 4))
out <- file("common_factors.csv", "w")
cat("case,quantity,term,value\n", file = out)
put <- function(case, quantity, values, terms)
  cat(sprintf("%s,%s,%s,%.17g\n", case, quantity, terms, values), file = out, sep = "")
earlier <- function(d, v, by) d[[v]][match(paste(d$id, d$time - by), paste(d$id, d$time))]
spread <- function(case, own, quantity = c("coef", "se")) {
  put(case, quantity[1], colMeans(own), colnames(own))
  put(case, quantity[2], sqrt(diag(cov(own)) / nrow(own)), colnames(own))
}
dcce <- function(case, d, y, xs, lags, panel = FALSE, half = FALSE, trend = FALSE, xlag = FALSE) {
  all <- d
  name <- paste0(y, "_lag1"); d[[name]] <- earlier(d, y, 1); drivers <- c(name, xs)
  if (xlag) { d$x_lag <- earlier(d, xs[1], 1); drivers <- c(drivers, "x_lag") }
  d <- d[complete.cases(d[c(y, drivers)]), ]
  further <- character()
  for (v in c(y, xs)) {
    means <- tapply(if (panel) all[[v]] else d[[v]], if (panel) all$time else d$time, mean)
    for (by in 0:lags) { n <- paste0("bar_", v, by); further <- c(further, n)
      d[[n]] <- means[match(d$time - by, as.integer(names(means)))] }
  }
  if (trend) { d$trend <- d$time; further <- c(further, "trend") }
  d <- d[complete.cases(d[c(drivers, further)]), ]
  one <- function(u) { b <- lm.fit(cbind(1, as.matrix(u[c(drivers, further)])), u[[y]])$coefficients[1 + seq_along(drivers)]
    long <- b[1 + seq_along(xs)]; if (xlag) long[1] <- long[1] + b[length(b)]
    c(b, long / (1 - b[1])) }
  own <- t(sapply(split(d, d$id, drop = TRUE), function(u) {
    if (!half) return(one(u))
    u <- u[order(u$time), ]; cut <- nrow(u) %/% 2
    2 * one(u) - (one(u[1:cut, ]) + one(u[-(1:cut), ])) / 2 }))
  k <- length(drivers); colnames(own) <- c(drivers, xs)
  spread(case, own[, 1:k]); spread(case, own[, -(1:k), drop = FALSE], c("long_run", "long_run_se"))
  put(case, "n_obs", nrow(d), "")
}
amg <- function(case, d, y, xs, impose = FALSE, trend = FALSE) {
  years <- sort(unique(d$time))
  D <- sapply(years[-1], function(s) (d$time == s) - (d$time - 1 == s))
  DX <- sapply(xs, function(v) d[[v]] - earlier(d, v, 1)); DY <- d[[y]] - earlier(d, y, 1)
  keep <- !is.na(DY)
  b <- lm.fit(cbind(DX, D)[keep, ], DY[keep])$coefficients
  process <- c(0, b[-seq_along(xs)]); put(case, "process", process, years)
  d$common_process <- process[match(d$time, years)]; d$trend <- d$time - years[1]; d$out <- d[[y]]
  drivers <- c(xs, if (!impose) "common_process", if (trend) "trend")
  if (impose) d$out <- d$out - d$common_process
  own <- t(sapply(split(d, d$id, drop = TRUE), function(u)
    lm.fit(cbind(const = 1, as.matrix(u[drivers])), u$out)$coefficients))
  spread(case, own)
}
g <- transform(Grunfeld, id = firm, time = year)
holes <- g[(7 * number(g) + 3 * (g$year - 1935)) %% 17 != 0, ]
p <- transform(Produc, id = state, time = year, gsp = log(gsp), pcap = log(pcap), pc = log(pc), emp = log(emp))
cigar <- transform(Cigar, id = state, time = 1900 + year)
dcce("dcce_cigar_3", cigar, "sales", c("price", "ndi"), 3)
dcce("dcce_cigar_1", cigar, "sales", c("price", "ndi"), 1)
dcce("dcce_cigar_panel", cigar, "sales", c("price", "ndi"), 3, panel = TRUE)
dcce("dcce_cigar_jackknife", cigar, "sales", c("price", "ndi"), 1, half = TRUE)
dcce("dcce_cigar_trend", cigar, "sales", c("price", "ndi"), 2, trend = TRUE)
dcce("dcce_cigar_lagged", cigar, "sales", c("price", "ndi"), 2, xlag = TRUE)
dcce("dcce_holes_1", holes, "inv", "value", 1)
dcce("dcce_holes_panel", holes, "inv", "value", 1, panel = TRUE)
for (i in c(FALSE, TRUE)) for (t in c(FALSE, TRUE)) {
  what <- paste0(if (i) "_imposed", if (t) "_trend")
  amg(paste0("produc", what), p, "gsp", c("pcap", "pc", "emp", "unemp"), i, t)
  amg(paste0("cigar", what), cigar, "sales", c("price", "ndi"), i, t)
  amg(paste0("holes", what), holes, "inv", c("value", "capital"), i, t)
}
close(out)
