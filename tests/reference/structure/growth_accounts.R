# Growth accounts of the Penn World Table 9.1 (Debian's r-cran-pwt9 9.1-0-2, CC BY 4.0), in base R.
# Writes pwt91_inputs.csv, the annual figures, and growth_accounts.csv, % a year: with stock and
# workers; and with capital services and hours, beside the table's own rtfpna.
suppressMessages(library(pwt9)); data("pwt9.1")
keep <- c("isocode", "year", "rgdpna", "pop", "emp", "avh", "hc", "rnna", "rkna", "labsh", "rtfpna")
d <- pwt9.1[pwt9.1$isocode %in% c("BRA", "CHN", "KOR", "USA") & pwt9.1$year >= 1997, keep]
d <- d[order(d$isocode, d$year), ]; names(d)[1] <- "country"
g <- function(v) diff(log(v))
one <- function(x) {
  s <- 1 - (x$labsh[-1] + x$labsh[-nrow(x)]) / 2
  years <- x$year[nrow(x)] - x$year[1]
  output <- g(x$rgdpna) - g(x$emp)
  capital <- s * (g(x$rnna) - g(x$emp)); schooling <- (1 - s) * g(x$hc)
  services <- g(x$rgdpna) - s * g(x$rkna) - (1 - s) * (g(x$emp) + g(x$avh) + g(x$hc))
  parts <- cbind(output, capital, schooling, tfp = output - capital - schooling,
                 heads = g(x$rgdpna) - g(x$pop), services, published = g(x$rtfpna))
  100 * colSums(parts) / years
}
rows <- do.call(rbind, lapply(split(d, as.character(d$country)), function(x)
  do.call(rbind, lapply(c(1997, 2007), function(a)
    data.frame(country = as.character(x$country[1]), first = a, last = a + 10,
               t(one(x[x$year >= a & x$year <= a + 10, ])))))))
for (n in names(d)[-(1:2)]) d[[n]] <- format(d[[n]], digits = 15, trim = TRUE)
write.csv(d, "pwt91_inputs.csv", row.names = FALSE, quote = FALSE)
for (n in names(rows)[-(1:3)]) rows[[n]] <- sprintf("%.12f", rows[[n]])
write.csv(rows, "growth_accounts.csv", row.names = FALSE, quote = FALSE)
