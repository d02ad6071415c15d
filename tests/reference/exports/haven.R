# What haven (R) reads of a Stata file that `forecast export` wrote:
#   Rscript haven.R trial.dta > haven.csv
# The file is made by tests/reporting/export/test_haven.py: trial_file().
library(haven)
x <- read_dta(commandArgs(TRUE)[1])
cat("column,label,values\n")
for (name in names(x)) {
  v <- x[[name]]
  told <- if (is.character(v)) v else ifelse(is.na(v), "NA", sprintf("%.17g", v))
  cat(sprintf('%s,"%s",%s\n', name, attr(v, "label"), paste(told, collapse = ";")))
}
cat(sprintf('dataset,"%s",%s\n', attr(x, "label"), as.character(packageVersion("haven"))))
