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
}
