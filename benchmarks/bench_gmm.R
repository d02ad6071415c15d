# Arellano and Bond's (1991) two-step estimate by plm: seconds of each round, as JSON.
#   Rscript bench_gmm.R ROUNDS
suppressMessages(library(plm))
data("EmplUK", package = "plm")
work <- function() summary(pgmm(log(emp) ~ lag(log(emp), 1:2) + lag(log(wage), 0:1) + log(capital) +
  lag(log(output), 0:1) | lag(log(emp), 2:99), data = EmplUK, effect = "twoways",
  model = "twosteps"))
invisible(work())
rounds <- as.integer(commandArgs(TRUE)[1])
cat("[", paste(sapply(seq_len(rounds), function(i) system.time(work())["elapsed"]), collapse = ", "),
    "]\n", sep = "")
