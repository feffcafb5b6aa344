"""What PostgreSQL, MariaDB and the C library say of waiting in vain and of the end of their means, in other languages.

Taken from their own catalogues of messages; whatever tells of the same by a code is known by that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache

from hypercare.logs.searching import TextPattern

# Small letters. Words that hold "timeout" or "deadlock" in a foreign sentence are known by these.
_WAITED = (
    "zeitüberschreitung", "wartezeit überschritten", "wartezeit für die verbindung ist abgelaufen", "verklemmung",
    "du délai écoulé", "suite à l'expiration du délai", "par expiration du délai d'attente", "interblocage",
    "agotó el tiempo de espera", "tiempo de espera de bloqueo excedido", "expiró el tiempo de conexión",
    "connessione scaduta",
    "tempo esgotado para conexão", "tempo de espera esgotado", "ligação expirada", "impasse detectado",
    "wacht tijd overschreden", "verbinding is verlopen",
    "przekroczenia limitu czasu", "przekroczony czas oczekiwania", "zakleszczenie",
    "тайм-аут", "таймаут", "взаимоблокировк", "тупиковая ситуация", "время ожидания соединения истекло",
    "взаємне блокування", "очікування блокування вичерпано", "fick inte ett lås i tid",
    "超时", "超時", "逾時", "死锁", "死結", "发现僵局", "タイムアウト", "デッドロック", "시간 초과", "교착",
)  # fmt: skip
_DEADLY = (
    # no room
    "kein speicherplatz mehr", "festplatte voll", "aucun espace disponible", "disque plein", "no queda espacio en",
    "disco lleno", "spazio esaurito", "disco pieno", "sem espaço livre", "não há espaço disponível", "disco cheio",
    "geen ruimte meer over", "schijf vol", "brak miejsca na urządzeniu", "dysk pełny",
    "не осталось свободного места", "диск заполнен", "设备上没有空间", "磁盘已满", "裝置上已無多餘空間",
    "空き領域がありません", "ディスク領域不足",
    # only to be read
    "dateisystem ist nur lesbar", "accessible en lecture seulement", "ficheros de sólo lectura",
    "file system in sola lettura", "arquivos somente para leitura", "ficheiros só de leitura",
    "bestandssysteem is alleen-lezen", "plików wyłącznie do odczytu", "доступна только для чтения", "只读文件系统",
    "唯讀的檔案系統", "読み込み専用ファイルシステム",
    # no connection left
    "zu viele verbindungen", "trop de connexions", "trop de clients sont déjà connectés", "demasiadas conexiones",
    "tenemos demasiados clientes", "troppe connessioni", "troppi client già connessi", "excesso de conexões",
    "te veel verbindingen", "zbyt wiele połączeń", "слишком много соединений", "уже слишком много клиентов",
    "太多连接", "已经有太多的客户", "接続が多すぎます", "クライアント数が多すぎ",
    # no memory left
    "speicher aufgebraucht", "kein speicher mehr vorhanden", "mémoire épuisée", "memoria agotada", "memoria esaurita",
    "memória esgotada", "нехватка памяти", "内存用尽", "内存不足", "メモリ不足", "メモリが不足",
    # damage
    "ungültige seite in block", "page invalide dans le bloc", "página no es válida en el bloque",
    "pagina non valida nel blocco", "некорректная страница в блоке", "存在无效的页", "に不正なページ",
)  # fmt: skip
_SESSION = "sitzung|session|sesi[óo]n|sess[ãa]o|sessie|sesj|сеанс|сесі|会话|會話|セッション|세션|oturum"
# PostgreSQL ends whoever came to its client and never said who he is; nobody waited for anything there.
_FROM_OUTSIDE = (
    "canceling authentication|authentifizierung wegen|de l'authentification à cause|la autentificación debido"
    "|dell'autenticazione a causa|отмена проверки подлинности|скасування автентифікації|取消认证|認証処理をキャンセル"
)
_ANY_WAITED = "|".join(map(re.escape, _WAITED))

WAITED = re.compile(_ANY_WAITED, re.IGNORECASE)
ANY_DEADLY = "|".join(map(re.escape, _DEADLY))
DEADLY = TextPattern(ANY_DEADLY)
# A person who went to lunch is logged out, in whatever language; that is no trouble.
OF_A_PERSON = re.compile(
    f"(?:{_SESSION}).{{0,60}}(?:{_ANY_WAITED})|(?:{_ANY_WAITED}).{{0,60}}(?:{_SESSION})|{_FROM_OUTSIDE}", re.IGNORECASE
)


@lru_cache(maxsize=8)
def signs_of_waiting(encoding: str) -> tuple[bytes, ...]:
    """The words for waiting in vain as a log of this encoding has them, or its JSON; ASCII letters are small."""
    return _written(_WAITED, encoding, in_json=True)


@lru_cache(maxsize=8)
def signs_of_the_end_of_means(encoding: str, *, in_json: bool) -> tuple[bytes, ...]:
    """The same of what `DEADLY` finds."""
    return _written(_DEADLY, encoding, in_json=in_json)


def _written(words: Iterable[str], encoding: str, *, in_json: bool) -> tuple[bytes, ...]:
    forms: set[bytes] = set()
    for word in words:
        for written in {word, word.upper(), word.capitalize()}:
            if in_json:
                forms.add(json.dumps(written)[1:-1].lower().encode())
            try:
                forms.add(written.encode(encoding).lower())
            except (UnicodeEncodeError, LookupError):
                continue
    return tuple(sorted(forms))
