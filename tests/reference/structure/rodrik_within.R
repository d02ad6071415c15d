# Fixed effects with decades, clustered by economy, and the income at the peak by the delta method:
#   Rscript rodrik_within.R > rodrik_within.csv
# The panel is made by a rule that the test repeats; its peak is exp(18 / 2) by construction,
# before noise.
suppressMessages(library(plm))
d <- expand.grid(year = 1960:1999, unit = 1:30)
u <- (d$unit * 0.6180339887498949) %% 1
i <- seq_len(nrow(d))
v <- (i * 0.7548776662466927) %% 1
w <- (i * 0.5698402909980532) %% 1
d$log_income <- 7 + 3 * u + 0.02 * (d$year - 1960) * (0.5 + u) + 0.3 * (w - 0.5)
d$log_population <- 1 + 4 * ((d$unit * 0.4142135623730950) %% 1) + 0.015 * (d$year - 1960) * (1 - u)
decade <- 10 * (d$year %/% 10)
d$share <- 10 * u + 18 * d$log_income - d$log_income^2 + 0.5 * d$log_population -
  0.1 * d$log_population^2 - 1.5 * (decade == 1990) + 4 * (v - 0.5)
for (one in c(1970, 1980, 1990)) d[[paste0("decade_", one)]] <- as.numeric(decade == one)
d$log_income_2 <- d$log_income^2
d$log_population_2 <- d$log_population^2
m <- plm(share ~ log_population + log_population_2 + log_income + log_income_2 +
           decade_1970 + decade_1980 + decade_1990,
         data = d, index = c("unit", "year"), model = "within")
V <- vcovHC(m, method = "arellano", type = "sss", cluster = "group")
b <- coef(m)
cat("term,estimate,std_error\n")
for (k in names(b)) cat(sprintf("%s,%.17g,%.17g\n", k, b[k], sqrt(V[k, k])))
g <- setNames(rep(0, length(b)), names(b))
g["log_income"] <- -1 / (2 * b["log_income_2"])
g["log_income_2"] <- b["log_income"] / (2 * b["log_income_2"]^2)
peak <- -b["log_income"] / (2 * b["log_income_2"])
cat(sprintf("log_peak,%.17g,%.17g\n", peak, sqrt(t(g) %*% V %*% g)))
