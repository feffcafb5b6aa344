"""Words that say that something is done rather than shown, in the languages that business systems speak.

All without accents, in small letters. A stem is the beginning of a word; it is only one where no harmless word begins
so. What is missing here is followed though it acts, what is too much is a page that is not looked at: so rather more.
"""

from __future__ import annotations

import unicodedata

_STEMS = {
    "English": """delet remov eras purg destroy cancel void revok rollback revert undo restor reset restart
        reboot shutdown terminat abort approv reject declin confirm finali submit publish unpublish activat
        deactivat reactivat disabl enabl unlock unsubscrib impersonat masquerad regenerat recalculat recomput
        rebuild reindex synchroni migrat truncat flush uninstall upgrad logout logoff signout signoff disconnect
        switch toggl overwrit reopen discard dismiss wip renew reassign duplicat acknowledg invalidat""",
    "German": """losch loesch entfern stornier annullier abbrech verwerf zurucksetz zuruecksetz wiederherstell
        abmeld auslogg umschalt freigeb genehmig ablehn bestatig bestaetig aktivier deaktivier sperr entsperr
        ausfuhr ausfuehr starten stopp beend abschliess versend verschick exportier importier herunterlad
        hochlad bearbeit erstell hinzufug hinzufueg kopier datensicher""",
    "French": """supprim effac annul reinitialis deconnex deconnect basculer execut demarr approuv rejet envoy
        imprim telecharg sauvegard modifi ajout dupliqu desactiv bloqu debloqu purg rembours synchronis actualis""",
    "Spanish": """elimin anul vaci restablec reinici ejecut rechaz descarg respald modific duplic desactiv
        desbloque reembols sincroniz actualiz""",
    "Italian": """cancell rimuov annull svuot ripristin reimpost disconn esegu conferm rifiut modific aggiung
        disattiv sblocc rimbors sincronizz aggiorn""",
    "Portuguese": "esvazi redefin rejeit recus adicion desativ atualiz",
    "Dutch": """verwijder annuleer annuler herstel afmeld uitlog wijzig bevestig goedkeur afwijz weiger verzend
        verstuur afdruk opslaan bewerk toevoeg aanmak kopieer archiveer activeer deactiveer blokkeer deblokkeer
        synchroniseer ververs afsluit""",
    "Polish": """usun skasuj kasuj anuluj wyczysc oproznij przywroc resetuj zresetuj wylog przelacz zmien
        uruchom wykonaj zatrzymaj potwierdz zatwierdz odrzuc wysl eksportuj importuj drukuj pobierz przesl
        zapisz edytuj dodaj utworz kopiuj archiwizuj aktywuj dezaktywuj zablokuj odblokuj zaplac przenies
        synchronizuj odswiez zamknij""",
    "Turkish": """temizle iptal kaldir bosalt sifirla cikis degistir calistir baslat durdur onayla reddet gonder
        yazdir kaydet duzenle olustur kopyala arsivle etkinlestir kilitle yedekle senkron yenile guncelle""",
    "Czech": """smaz odstran zrus vymaz odhlas prepn spust zastav potvrd schval zamit odesl stahn uloz uprav
        vytvor zablok zaplat obnov""",
    "Scandinavian": """radera slett fjern avbryt makuler avbestill starta stoppa bekraft godkann godkjenn
        godkend avvis skicka spara lagre redigera rediger opprett skapa loggaut loggut logud""",
    "Finnish": """poista tyhjenn peruuta vaihda suorita kaynnist pysayt vahvista hyvaksy hylkaa lahet tallenna
        muokkaa lisaa uloskirjau""",
    "Russian and Ukrainian": """удал очист отмен аннул стереть сброс восстанов выход выйти перекл изменит смени
        запуст выполнит останов подтверд утверд отклон отправ экспорт импорт печат скач загруз сохран редакт
        добав созда копир архивир активир деактивир блокир заблок разблок оплатит перенес синхрон обнов закры
        видал скасу вийти вихід зберег додат створ""",
    "Greek": "διαγραφ ακυρ αποσυνδ εκτελ αποθηκ αλλαγ εκκαθ επαναφ",
}
_WORDS = {
    "English": """clear cleanup clean empty run execute exec trigger launch start stop pause resume close lock
        block unblock ban kick kill drop set unset change modify edit update save apply post send resend notify
        pay charge capture settle ship dispatch deliver receive transfer move merge split assign unassign claim
        accept deny grant revoke archive unarchive backup dump sync refresh reload retry rerun requeue process
        import export download upload print generate create add insert new copy clone convert complete finish
        checkout buy begin end exit quit off sudo su become mark unmark vote adjust release hold recover test
        ping cron reconcile rotate prune vacuum optimize optimise repair fix seed load install subscribe refund
        select choose use renumber lang language locale theme rebook repost""",
    "German": """buchen verbuchen ausbuchen umbuchen stoppen anhalten schliessen senden drucken speichern andern
        aendern anlegen leeren sichern sicherung wechseln wechsle neu neue neuer neues verschieben bezahlen
        zahlen ausloggen umziehen importieren exportieren auswahlen sprache""",
    "French": """vider changer lancer arreter valider confirmer refuser exporter importer fermer cloturer creer
        nouveau nouvelle archiver activer payer transferer restaurer quitter imprimer choisir langue""",
    "Spanish": """borrar cancelar limpiar cerrar salir cambiar iniciar detener parar confirmar aprobar enviar
        exportar importar imprimir subir guardar restaurar editar agregar anadir crear nuevo nueva activar
        bloquear pagar transferir archivar elegir idioma""",
    "Italian": """pulisci pulire esci uscire cambia passa avvia avviare ferma arresta approva invia esporta
        importa stampa scarica carica salva crea nuovo nuova duplica archivia attiva attivare blocca paga
        trasferisci chiudi scegli lingua""",
    "Portuguese": """apagar excluir remover cancelar anular limpar reiniciar restaurar sair encerrar trocar
        mudar alternar executar iniciar parar confirmar aprovar enviar exportar importar imprimir baixar
        carregar salvar guardar editar criar novo nova duplicar arquivar ativar bloquear pagar transferir
        sincronizar fechar escolher""",
    "Dutch": """wis wissen leeg legen leegmaken wissel uitvoeren starten stoppen exporteer exporteren importeer
        importeren bewaar maak nieuw nieuwe betaal overzetten sluit sluiten kies taal""",
    "Polish": "nowy nowa nowe przywroc wybierz jezyk zwroc",
    "Turkish": "sil aktar indir yukle ekle yeni ode iade kapat engelle sec dil",
    "Czech": "novy nova nove pridat tisk zmenit zavrit vybrat jazyk",
    "Scandinavian": "ta byt bytt skift kor ny nytt nye gem slet send lagg velg valj sprak",
    "Finnish": "luo uusi valitse kieli",
    "Russian": "новый новая новое новые выбрать язык сменить",
}
# Where words are not parted by spaces, or are known by a part of them.
_PARTS = """
    删除 清除 清空 清理 取消 作废 重置 恢复 备份 执行 运行 启动 停止 切换 更改 修改 编辑 保存 提交 确认 批准
    拒绝 发送 导出 导入 打印 下载 上传 新建 新增 添加 创建 退出 注销 登出 关闭 锁定 解锁 支付 退款 同步 刷新
    更新 选择 刪除 備份 執行 啟動 切換 變更 編輯 儲存 確認 匯出 匯入 列印 下載 上傳 建立 關閉 削除 クリア
    キャンセル リセット 復元 バックアップ 実行 開始 切替 切り替え 変更 編集 送信 確定 承認 却下 出力 取込 印刷
    ダウンロード アップロード 新規 追加 作成 ログアウト 삭제 취소 초기화 복원 백업 실행 시작 중지 전환 변경 수정
    저장 제출 승인 거부 보내기 가져오기 인쇄 다운로드 업로드 추가 생성 로그아웃 선택 حذف مسح إلغاء خروج تشغيل
    إيقاف تبديل تغيير تعديل حفظ إرسال تأكيد موافقة رفض تصدير استيراد طباعة تحميل إضافة إنشاء جديد מחק נקה בטל
    התנתק הפעל עצור החלף שנה ערוך שמור שלח אשר דחה יצא הדפס הוסף צור חדש
"""

_NOT_IN_NFKD = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})


def plain(text: str) -> str:
    """In small letters and without accents."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parted if not unicodedata.combining(c)).translate(_NOT_IN_NFKD)


STEMS = tuple(sorted({plain(stem) for words in _STEMS.values() for stem in words.split()}))
WORDS = frozenset(plain(word) for words in _WORDS.values() for word in words.split())
PARTS = frozenset(_PARTS.split())
