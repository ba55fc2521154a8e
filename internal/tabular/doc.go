// Package tabular reads and writes rows of named columns: CSV, TSV, JSON lines and arrays, and, through whoever knows how,
// parquet; tables go out as Markdown, LaTeX and NumPy arrays too. It knows no model and means nothing by a column's name.
package tabular
