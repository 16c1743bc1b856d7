package triage

import (
	"strings"
	"unicode"
)

// naming is what the name of a member says of its value. The words are those that
// programs use, in the languages that programs are written in.
type naming struct {
	error bool // an error, or something about one
	code  bool // a type, code or class
	text  bool // a sentence
}

// wordSet makes a set of words that stand in one text.
func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// dictionary is the words that tell what a value is. It is made once for a run.
type dictionary struct {
	errors, counts, codes, texts, verdicts, passing map[string]bool

	names map[string]naming
}

func newDictionary() *dictionary {
	return &dictionary{
		errors: wordSet(`error errors err errs errno exception exceptions failure failures fault faults failed
			fehler ausnahme fehlschlag erreur erreurs échec echec errore errori eccezione erro erros exceção excecao falha
			excepción excepcion fallo fallos fout fouten fel undantag feil fejl virhe poikkeus błąd blad wyjątek wyjatek chyba
			výjimka vyjimka hiba kivétel kivetel hata istisna eroare ошибка ошибки исключение сбой помилка грешка
			σφάλμα שגיאה خطأ エラー 例外 错误 錯誤 异常 異常 오류 예외 lỗi kesalahan`),
		counts: wordSet(`count counts counter rate rates margin budget total number threshold limit max min handler handling policy
			queue topic url uri email mail callback page tolerance ratio percent budgets allowed at time timestamp date by id
			anzahl nombre cantidad`),
		codes: wordSet(`type code class name status kind category errno state typ art klasse tipo classe código codigo código
			clase soort kod тип код класс 类型 代码 種別 コード 유형 코드`),
		texts: wordSet(`message msg text description detail details title reason cause summary info meldung nachricht mensaje
			messaggio mensagem bericht meddelande сообщение текст 消息 信息 メッセージ 메시지`),
		verdicts: wordSet(`reject rejected refuse refused deny denied decline declined block blocked forbidden invalid fail failed
			failure error unauthorized disallowed banned abgelehnt verweigert gesperrt rechazado denegado rifiutato refusé refuse
			refusée rejeté rejetée recusado negado geweigerd nekad avslagen odrzucony odmowa отклонено отказано 拒绝 拒絕 拒否 却下 거부`),
		passing: wordSet(`timeout timed unavailable throttled throttling throttle throttlingexception unreachable reached refused reset
			overloaded busy deadlock optimistic lock conflict retry temporarily transient connection dns 408 409 423 425 429 502
			503 504 timeouterror connecttimeout toomanyrequests zeitüberschreitung`),
		names: map[string]naming{},
	}
}

// of reads a name; names recur in every message, so each is read once.
func (d *dictionary) of(name string) naming {
	if n, ok := d.names[name]; ok {
		return n
	}
	var n naming
	counted := false
	for _, w := range split(name) {
		n.error = n.error || d.errors[w]
		n.code = n.code || d.codes[w]
		n.text = n.text || d.texts[w]
		counted = counted || d.counts[w]
	}
	low := strings.ToLower(name)
	n.error = (n.error || strings.Contains(low, "error") || strings.Contains(low, "exception")) && !counted
	n.code = n.code || strings.HasSuffix(low, "type") || strings.HasSuffix(low, "code")
	n.text = n.text || strings.HasSuffix(low, "message") || strings.HasSuffix(low, "msg")
	if len(d.names) < 1<<16 {
		d.names[name] = n
	}
	return n
}

// split takes a name apart into words of lower case: lastErrorCode, LAST_ERROR_CODE
// and last-error-code are three words each.
func split(name string) []string {
	var words []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			words = append(words, b.String())
			b.Reset()
		}
	}
	before := ' '
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r):
			end()
		case unicode.IsUpper(r) && !unicode.IsUpper(before):
			end()
			fallthrough
		default:
			b.WriteRune(unicode.ToLower(r))
		}
		before = r
	}
	end()
	return words
}

// isErrorName tells whether a value is the name of an error, as programs write
// it: java.io.IOException, TimeoutError, Runtime.ExitError.
func isErrorName(s string) bool {
	if len(s) < 6 || len(s) > 200 || strings.ContainsAny(s, " \t\n/@") {
		return false
	}
	for _, suffix := range []string{"Error", "Exception", "Fault", "Failure"} {
		if strings.HasSuffix(s, suffix) && len(s) > len(suffix) {
			return true
		}
	}
	return false
}

// isRelease tells whether a value names a release: three numbers with periods
// between them, perhaps behind a name and before a qualifier. Two numbers are the
// version of a schema as often.
func isRelease(s string) bool {
	if i := strings.LastIndexAny(s, "/@ "); i >= 0 {
		s = s[i+1:]
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "v"), "V")
	if len(s) > 60 {
		return false
	}
	parts, digits := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
			if digits == 1 {
				parts++
			}
			if digits > 6 {
				return false
			}
		case (c == '-' || c == '+' || c == '.' && i+1 < len(s) && (s[i+1] < '0' || s[i+1] > '9')) && digits > 0:
			return parts == 3
		case c == '.' && digits > 0:
			digits = 0
		default:
			return false
		}
	}
	return parts == 3 && digits > 0
}
