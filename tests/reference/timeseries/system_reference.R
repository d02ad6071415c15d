# Reference values for Johansen's tests and the vector error correction.
# R 4.2, urca 1.3-3. Run: Rscript system_reference.R
# Writes system_series.csv (Danish money demand, Johansen and Juselius, 1990) and
# system_reference.csv (the numbers). No seasonal dummies, so that annual code can be compared.
suppressMessages(library(urca))
data(denmark)
d <- denmark[, c("LRM", "LRY", "IBO", "IDE")]
out <- NULL
add <- function(model, name, value)
  out <<- rbind(out, data.frame(model, name, value = as.numeric(value)))
for (k in 2:3) {
  for (type in c("trace", "eigen")) {
    j <- ca.jo(d, type = type, ecdet = "none", K = k, spec = "transitory")
    add(paste0("johansen", k), paste0(type, 3:0), j@teststat)
    if (type == "trace") add(paste0("johansen", k), paste0("lambda", 1:4), j@lambda[1:4])
    if (type == "trace") add(paste0("johansen", k), paste0("beta", 1:4), j@V[, 1])
  }
  e <- cajorls(j, r = 1)
  b <- coef(e$rlm)
  for (row in rownames(b)) add(paste0("vecm", k), paste(row, colnames(d)), b[row, ])
}
write.csv(cbind(index = seq_len(nrow(d)), d), "system_series.csv", row.names = FALSE, quote = FALSE)
write.csv(format(out, digits = 12), "system_reference.csv", row.names = FALSE, quote = FALSE)
