# Hausman-Taylor and its variants on Wages:  Rscript plm_hausman_taylor.R  writes
# plm_hausman_taylor.csv. In "holes" every person lacks some years. There plm takes one theta for
# all, with the number of years in place of each person's rows; "holes_own" is the same estimator by
# base R with every person's own theta.
suppressMessages(library(plm))
data(Wages, package = "plm")
Wages$id <- rep(1:595, each = 7); Wages$year <- rep(1976:1982, 595); Wages$exp2 <- Wages$exp^2
for (v in c("bluecol", "south", "smsa", "married", "union", "black"))
  Wages[[v]] <- as.numeric(Wages[[v]] == "yes")
Wages$female <- as.numeric(Wages$sex == "female")
holes <- Wages[(7 * Wages$id + 3 * (Wages$year - 1976)) %% 5 != 0, ]
out <- file("plm_hausman_taylor.csv", "w")
cat("panel,variant,quantity,term,value\n", file = out)
put <- function(panel, variant, quantity, values, terms = names(values)) {
  terms <- sub("(Intercept)", "const", terms, fixed = TRUE)
  cat(sprintf("%s,%s,%s,%s,%.17g\n", panel, variant, quantity, terms, values), file = out, sep = "")
}
f <- lwage ~ bluecol + south + smsa + ind + exp + exp2 + wks + married + union + female + black + ed |
  bluecol + south + smsa + ind + female + black | exp + exp2 + wks + married + union
variants <- c(baltagi = "hausman_taylor", am = "amemiya_macurdy", bms = "breusch_mizon_schmidt")
w <- pdata.frame(Wages, c("id", "year"))
for (m in names(variants)) {
  r <- plm(f, w, model = "random", random.method = "ht", inst.method = m)
  put("wages", variants[m], "coef", coef(r)); put("wages", variants[m], "se", sqrt(diag(vcov(r))))
  e <- ercomp(r)
  put("wages", variants[m], "sigma2", e$sigma2); put("wages", variants[m], "theta", e$theta, "theta")
}
# by hand, each person's own theta
x1 <- c("bluecol", "south", "smsa", "ind"); x2 <- c("exp", "exp2", "wks", "married", "union")
z1 <- c("female", "black"); z2 <- "ed"
tsls <- function(y, X, W) {
  fit <- qr.fitted(qr(W), X); b <- qr.coef(qr(fit), y); e <- drop(y - X %*% b)
  V <- sum(e^2) / (length(y) - ncol(X)) * solve(crossprod(fit))
  list(b = b, e = e, V = V, fit = fit)
}
own <- function(d, variant) {
  X <- as.matrix(d[, c(x1, x2)]); Z <- cbind(const = 1, as.matrix(d[, c(z1, z2)])); y <- d$lwage
  mean_of <- function(v) ave(v, d$id)
  B <- apply(X, 2, mean_of); Q <- X - B; n <- length(unique(d$id)); rows <- nrow(d)
  b <- qr.coef(qr(Q), y - mean_of(y)); r <- y - drop(X %*% b); level <- mean_of(r)
  idios <- sum((r - level)^2) / (rows - n)
  first <- tsls(level, Z, cbind(1, X[, x1], Z[, z1]))
  id <- (sum(first$e^2) - n * idios) / rows
  k <- sqrt(idios / (idios + ave(d$id, d$id, FUN = length) * id)); s <- function(v) v - (1 - k) * mean_of(v)
  X0 <- cbind(Z, X); Xs <- apply(X0, 2, s)
  W <- cbind(Q, k * B[, x1], k * Z[, c("const", z1)])
  star <- function(v) {
    m <- matrix(0, n, 7); m[cbind(match(d$id, unique(d$id)), d$year - 1975)] <- v
    m[match(d$id, unique(d$id)), ]
  }
  if (variant != "hausman_taylor")
    W <- cbind(W, do.call(cbind, lapply(if (variant == "amemiya_macurdy") x1 else c(x1, x2), function(v) star(Q[, v]))))
  q <- qr(W, tol = 1e-9); W <- qr.Q(q)[, 1:q$rank]
  c(tsls(s(y), Xs, W), list(sigma2 = c(idios = idios, id = id), id = d$id))
}
for (v in variants) for (name in c("wages_own", "holes_own")) {
  d <- if (name == "wages_own") Wages else holes
  r <- own(d, v)
  put(name, v, "coef", r$b, colnames(r$V)); put(name, v, "se", sqrt(diag(r$V)))
  put(name, v, "sigma2", r$sigma2)
  A <- solve(crossprod(r$fit)); g <- length(unique(d$id))
  meat <- crossprod(rowsum(r$fit * r$e, r$id)) * g / (g - 1) * (nrow(d) - 1) / (nrow(d) - ncol(A))
  put(name, v, "clustered", sqrt(diag(A %*% meat %*% A)), colnames(r$V))
}
# what plm says of the panel with holes
h <- pdata.frame(holes, c("id", "year"))
r <- plm(f, h, model = "random", random.method = "ht", inst.method = "baltagi")
put("holes", "hausman_taylor", "coef", coef(r)); put("holes", "hausman_taylor", "se", sqrt(diag(vcov(r))))
put("holes", "hausman_taylor", "sigma2", ercomp(r)$sigma2)
close(out)
