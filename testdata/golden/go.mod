// The golden data are no part of what the module's users download: 21 MB. Tests read them by their path.
module github.com/neuronsteer/neuronsteer/testdata/golden

go 1.26.5
