# Two decompositions of growth of labour productivity, written in base R in another algebra than
# the package's: rates of growth weighted by shares of value added of the first year.
#   TRAD: weights are shares at constant prices, moves are growth of employment shares.
#   GEAD: weights are shares at current prices, moves are growth of employment shares times the
#         relative price (Tang and Wang 2004).
# within w g, static w m, dynamic w g m, with g growth of a sector's productivity, m of its size.
# Writes shift_share_table.csv and shift_share.csv.
set.seed(2004)
sectors <- c("agriculture", "industry", "services", "government")
t <- expand.grid(sector = sectors, year = c(1990, 2000, 2010), entity = c("A", "B"))
t <- t[c("entity", "year", "sector")]
t$value_added <- round(exp(rnorm(nrow(t), 5, 0.7)), 3)
t$employment <- round(exp(rnorm(nrow(t), 3, 0.7)), 3)
t$nominal_value_added <- round(t$value_added * exp(rnorm(nrow(t), 0.2, 0.3)), 3)
key <- paste(t$entity, t$year)
t$total_value_added <- round(ave(t$value_added, key, FUN = sum) * (1 + (t$year - 1995) / 300), 3)
write.csv(t, "shift_share_table.csv", row.names = FALSE, quote = FALSE)
rate <- function(b, a) b / a - 1
rows <- NULL
for (e in c("A", "B")) for (p in list(c(1990, 2000), c(2000, 2010), c(1990, 2010))) {
  a <- t[t$entity == e & t$year == p[1], ]; b <- t[t$entity == e & t$year == p[2], ]
  g <- rate(b$value_added / b$employment, a$value_added / a$employment)
  l <- rate(b$employment / sum(b$employment), a$employment / sum(a$employment))
  price <- function(x) (x$nominal_value_added / x$value_added) /
    (sum(x$nominal_value_added) / x$total_value_added[1])
  rel <- rate(price(b), price(a))
  for (m in c("TRAD", "GEAD")) {
    w <- if (m == "TRAD") a$value_added / sum(a$value_added) else
      a$nominal_value_added / sum(a$nominal_value_added)
    move <- if (m == "TRAD") l else (1 + l) * (1 + rel) - 1
    found <- data.frame(entity = e, first = p[1], last = p[2], method = m, sector = sectors,
                        within = w * g, static = w * move, dynamic = w * g * move)
    rows <- rbind(rows, found)
  }
}
for (n in c("within", "static", "dynamic")) rows[[n]] <- sprintf("%.15f", rows[[n]])
write.csv(rows, "shift_share.csv", row.names = FALSE, quote = FALSE)
