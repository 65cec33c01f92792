package caso

import (
	"slices"

	"nucleo/domain/giorno"
)

// Categoria is the kind of fact that is told. What it means, and by which law,
// stands in docs/glossario.md.
type Categoria string

// The categories of the reddito di cittadinanza (DL 4/2019).
const (
	RDCMancataPresentazione   Categoria = "RDC_MANCATA_PRESENTAZIONE"
	RDCMancataSottoscrizione  Categoria = "RDC_MANCATA_SOTTOSCRIZIONE_PAIS"
	RDCMancataPartecipazione  Categoria = "RDC_MANCATA_PARTECIPAZIONE_INIZIATIVE"
	RDCMancataAdesionePUC     Categoria = "RDC_MANCATA_ADESIONE_PUC"
	RDCMancatoRispettoImpegni Categoria = "RDC_MANCATO_RISPETTO_IMPEGNI"
	RDCOmessaComunicazione    Categoria = "RDC_OMESSA_COMUNICAZIONE"
	RDCVariazioneNucleo       Categoria = "RDC_VARIAZIONE_NUCLEO"
	RDCLavoroNonComunicato    Categoria = "RDC_LAVORO_NON_COMUNICATO"
	RDCRequisitoResidenza     Categoria = "RDC_REQUISITO_RESIDENZA"
	RDCRequisitoSoggiorno     Categoria = "RDC_REQUISITO_SOGGIORNO"
	RDCComposizioneNucleo     Categoria = "RDC_COMPOSIZIONE_NUCLEO"
	RDCAltro                  Categoria = "RDC_ALTRO"
)

// The categories of the assegno di inclusione (DL 48/2023).
const (
	ADIMancataPresentazione   Categoria = "ADI_MANCATA_PRESENTAZIONE"
	ADIMancataSottoscrizione  Categoria = "ADI_MANCATA_SOTTOSCRIZIONE_PAIS"
	ADIMancatoRispettoImpegni Categoria = "ADI_MANCATO_RISPETTO_IMPEGNI"
	ADIMancataAdesionePUC     Categoria = "ADI_MANCATA_ADESIONE_PUC"
	ADIOmessaComunicazione    Categoria = "ADI_OMESSA_COMUNICAZIONE"
	ADILavoroNonComunicato    Categoria = "ADI_LAVORO_NON_COMUNICATO"
	ADIRequisitiAnagrafici    Categoria = "ADI_REQUISITI_ANAGRAFICI"
	ADIAltro                  Categoria = "ADI_ALTRO"
)

// CategorieRDC and CategorieADI are the categories of each measure.
var (
	CategorieRDC = []Categoria{
		RDCMancataPresentazione, RDCMancataSottoscrizione, RDCMancataPartecipazione, RDCMancataAdesionePUC, RDCMancatoRispettoImpegni, RDCOmessaComunicazione,
		RDCVariazioneNucleo, RDCLavoroNonComunicato, RDCRequisitoResidenza, RDCRequisitoSoggiorno, RDCComposizioneNucleo, RDCAltro,
	}
	CategorieADI = []Categoria{
		ADIMancataPresentazione, ADIMancataSottoscrizione, ADIMancatoRispettoImpegni, ADIMancataAdesionePUC, ADIOmessaComunicazione, ADILavoroNonComunicato,
		ADIRequisitiAnagrafici, ADIAltro,
	}
)

// The days on which a fact falls under a measure: the decree of 2019 was in
// force from the first, its rules hold for facts up to the end of 2023; an ADI
// could be asked for from the last.
var (
	inizioRDC = giorno.Data(2019, 1, 29)
	fineRDC   = giorno.Data(2023, 12, 31)
	inizioADI = giorno.Data(2023, 12, 18)
)

// Nota reports whether there is such a category.
func (c Categoria) Nota() bool {
	return slices.Contains(CategorieRDC, c) || slices.Contains(CategorieADI, c)
}

// Vale reports whether the category may be used for a fact of a day in a case
// of a measure. The pension shares the categories of the RDC.
func (c Categoria) Vale(m Misura, fatto giorno.Giorno) bool {
	if m == ADI {
		return slices.Contains(CategorieADI, c) && fatto >= inizioADI
	}
	return slices.Contains(CategorieRDC, c) && fatto >= inizioRDC && fatto <= fineRDC
}

// MancataSottoscrizione reports whether the fact is that the PaIS was not
// signed, of which INPS must know sooner.
func (c Categoria) MancataSottoscrizione() bool {
	return c == RDCMancataSottoscrizione || c == ADIMancataSottoscrizione
}
