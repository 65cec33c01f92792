package main

import "nucleo/internal/catalogo"

var (
	eventi  = catalogo.Eventi
	modelli = catalogo.Modelli
)
