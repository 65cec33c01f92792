package main

import "nucleo/cmd/internal/catalogo"

var (
	eventi  = catalogo.Eventi
	modelli = catalogo.Modelli
)
