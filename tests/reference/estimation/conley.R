# Spatial covariances by double loops over rows, printed to conley.csv; places of the states to
# state_center.csv:  Rscript conley.R
# Data: quakes and state.center as shipped with R, Produc as shipped with plm. Distances by the
# sphere's arctangent formula (radius 6371 km), other algebra than the haversine. Rows of one year
# count by distance, rows of one state in other years by 1 - l/(L+1) (Hsiang 2010). With a cutoff of
# 0 that is plm's vcovNW, printed beside.
suppressMessages(library(plm))
options(warn = -1)
data(Produc, package = "plm")
states <- toupper(gsub(" ", "_", state.name))
centre <- data.frame(state = states, lat = state.center$y, lon = state.center$x)
centre <- centre[centre$state %in% Produc$state, ]
write.csv(format(centre, digits = 17), "state_center.csv", row.names = FALSE, quote = FALSE)
Produc <- merge(Produc, centre, by = "state")
Produc <- Produc[order(Produc$state, Produc$year), ]

arc <- function(a, b) {
  r <- pi / 180
  d <- (b[2] - a[2]) * r; p <- a[1] * r; q <- b[1] * r
  6371 * atan2(sqrt((cos(q) * sin(d))^2 + (cos(p) * sin(q) - sin(p) * cos(q) * cos(d))^2),
               sin(p) * sin(q) + cos(p) * cos(q) * cos(d))
}
conley <- function(X, e, lat, lon, unit, time, cutoff, kernel, L) {
  s <- X * e
  meat <- matrix(0, ncol(X), ncol(X))
  for (i in seq_along(e)) for (j in seq_along(e)) {
    w <- 0
    if (i == j) w <- 1
    else if (time[i] == time[j]) {
      d <- arc(c(lat[i], lon[i]), c(lat[j], lon[j]))
      if (d <= cutoff) w <- if (kernel == "uniform" || cutoff == 0) 1 else 1 - d / cutoff
    } else if (unit[i] == unit[j] && abs(time[i] - time[j]) <= L)
      w <- 1 - abs(time[i] - time[j]) / (L + 1)
    if (w != 0) meat <- meat + w * outer(s[i, ], s[j, ])
  }
  bread <- solve(crossprod(X))
  sqrt(diag(bread %*% meat %*% bread))
}
out <- file("conley.csv", "w")
cat("data,model,kernel,cutoff,maxlag,term,value\n", file = out)
put <- function(data, model, kernel, cutoff, L, values)
  cat(sprintf("%s,%s,%s,%g,%d,%s,%.17g\n", data, model, kernel, cutoff, L,
              sub("(Intercept)", "const", names(values), fixed = TRUE), values), file = out, sep = "")

m <- lm(depth ~ mag, quakes)
for (kernel in c("uniform", "bartlett")) for (cutoff in c(100, 500))
  put("quakes", "pooled", kernel, cutoff, 0,
      conley(model.matrix(m), resid(m), quakes$lat, quakes$long, 1:1000, rep(1, 1000), cutoff,
             kernel, 0))

f <- log(gsp) ~ log(pcap) + log(emp) + unemp
d <- pdata.frame(Produc, c("state", "year"))
for (model in c("pooled", "within_both")) {
  m <- plm(f, d, model = if (model == "pooled") "pooling" else "within",
           effect = if (model == "pooled") "individual" else "twoways")
  X <- model.matrix(m); e <- as.numeric(resid(m))
  for (case in list(list("uniform", 600, 0), list("bartlett", 1000, 0), list("bartlett", 1000, 3)))
    put("Produc", model, case[[1]], case[[2]], case[[3]],
        conley(X, e, Produc$lat, Produc$lon, Produc$state, Produc$year, case[[2]], case[[1]],
               case[[3]]))
  for (L in c(0, 2, 5)) put("Produc", model, "vcovNW", 0, L,
                            sqrt(diag(vcovNW(m, type = "HC0", maxlag = L))))
}
close(out)
