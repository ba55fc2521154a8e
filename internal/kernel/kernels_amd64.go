package kernel

var tables = [levels]*kernels{AVX2: &avx2, AVX512: &avx512}
