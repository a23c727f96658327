# The crossed-effects model by lme4, on the cells that `crossed` of lockstep-stats wrote. See crossed.md.
# Rscript benches/crossed.R folder/cells.csv [tight]
suppressMessages(library(lme4))
arguments <- commandArgs(trailingOnly = TRUE)
cells <- read.csv(arguments[1])
for (k in c("a", "b", "c")) cells[[k]] <- factor(cells[[k]])
formula <- cbind(y, n - y) ~ x + t + (1 | a) + (1 | b) + (1 | c)
tell <- function(what, fit, time) {
  cat(sprintf("%s: wall %.2f cpu %.2f log-likelihood %.7f\n", what, time[["elapsed"]], time[["user.self"]] + time[["sys.self"]], as.numeric(logLik(fit))))
  cat("  beta", sprintf("%.8f", fixef(fit)), "sigma", sprintf("%.8f", sapply(VarCorr(fit)[c("a", "b", "c")], function(v) attr(v, "stddev"))), "\n")
}
time <- system.time(fit <- glmer(formula, cells, binomial))
tell("glmer, its defaults", fit, time)
if (!is.na(arguments[2])) {
  control <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, calc.derivs = FALSE, optCtrl = list(rhoend = 1e-9, maxfun = 1e5))
  time <- system.time(fit <- glmer(formula, cells, binomial, control = control))
  tell("glmer, tight", fit, time)
  # The same objective once more, in base R with dense matrices, at glmer's parameters: glmer's own value
  # rests on a mode found to its tolerance.
  beta <- fixef(fit)
  z <- do.call(cbind, lapply(c("a", "b", "c"), function(k) attr(VarCorr(fit)[[k]], "stddev") * model.matrix(~ 0 + cells[[k]])))
  x <- cbind(1, cells$x, cells$t)
  v <- rep(0, ncol(z))
  for (step in 1:30) {
    mu <- plogis(as.numeric(x %*% beta + z %*% v))
    h <- crossprod(z, cells$n * mu * (1 - mu) * z) + diag(ncol(z))
    slope <- as.numeric(crossprod(z, cells$y - cells$n * mu)) - v
    move <- solve(h, slope)
    if (sum(move * slope) < 1e-20) break
    v <- v + move
  }
  value <- sum(dbinom(cells$y, cells$n, mu, log = TRUE)) - sum(v^2) / 2 - as.numeric(determinant(h)$modulus) / 2
  cat(sprintf("base R at glmer's parameters: log-likelihood %.7f\n", value))
}
