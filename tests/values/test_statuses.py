"""What an order's status says, in nine languages and however it is written."""

import pytest

from carpel.values.statuses import meaning, said_by

SAID = {
    "undone": (
        "wc-cancelled;wc-refunded;wc-failed;Cancelled;CANCELED;order_refunded;voided;Refund;"
        "Shipped - Returned to Seller;Shipped - Rejected by Buyer;Shipping canceled;"
        "Payment declined;Expired;REFUNDED_BY_ADMIN;Cancelled - refund pending;"
        "Cancelled (no stock);Cancelled: not available;Cancelled by partner;Parcel cancelled;"
        "Fully refunded;Refund processed;Storniert;Auftrag storniert;Rückerstattet;Rueckerstattet;"
        "Fehlgeschlagen;Abgelehnt;Retourniert;Retoure erhalten;Zurückgesendet;Annulée;"
        "Commande annulée;Remboursée;Échouée;Refusé;Annulée sans frais;Cancelado;Reembolsado;"
        "Devuelto;Rechazado;Fallido;Annullato;Rimborsato;Stornato;Reso;Rifiutato;Geannuleerd;"
        "Terugbetaald;Betaling mislukt;Anulowane;Zwrócone;Zwrot;Odrzucone;Nieudane;Estornado;"
        "Devolvido;Falhou;Avbruten;Annullerad;Makulerad;Återbetald;Misslyckad;Avbokad;"
        "requires_payment_method;Incomplete;"
        "Charged back;Charge back;Chargeback;Paid back;Payment charged back"
    ),
    "partly": (
        "Partially refunded;PARTIALLY_REFUNDED;partial refund;Teilweise erstattet;Teilerstattet;"
        "Teilweise storniert;Teilstorno;Partiellement remboursée;Parcialmente reembolsado;"
        "Parzialmente rimborsato;Gedeeltelijk terugbetaald;Częściowo zwrócone;Delvis återbetald;"
        "Partially charged back"
    ),
    "unpaid": (
        "Pending payment;pending_payment;On hold;wc-on-hold;wc-pending;Ausstehend;En attente;"
        "Pendiente;In attesa;Oczekujące;Väntar;"
        "Payment Due;Not Paid;not paid;nicht bezahlt;Überfällig"
    ),
    "fine": (
        "wc-completed;wc-processing;Completed;complete;paid;Shipped;processing;Delivered;invoiced;"
        "not cancelled;Not refunded;not yet refunded;has not been cancelled;nicht storniert;"
        "non annulée;niet geannuleerd;no cancelado;non annullato;nie anulowane;não cancelado;"
        "inte avbruten;unfulfilled;partially_fulfilled;Zurückgestellt und bezahlt;"
        "Shipped - Delivered to Buyer;Abgeschlossen;In Bearbeitung;Versendet;Terminée;Payée;"
        "En cours de livraison;Completado;Enviado;Pagado;Completato;Spedito;Voltooid;Betaald;"
        "Verzonden;Zrealizowane;Wysłane;Opłacone;Concluído;Pago;Entregue;Slutförd;Betald;Levererad;"
        "not charged back"
    ),
    "unknown": (
        "1;X;closed;Resolved;Order reset;Refund requested;Refund rejected;Refund failed;"
        "Cancellation requested;Stornierung beantragt;refundable;Lost"
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "said"),
    [(each, said) for said, statuses in SAID.items() for each in statuses.split(";")],
)
def test_a_status_means_what_it_says(status: str, said: str) -> None:
    for written in (status, status.upper(), f"  {status}", status.replace(" ", "_")):
        assert meaning(written) == said


def test_the_values_of_a_column_are_sorted_each_into_one_list() -> None:
    every = [each for statuses in SAID.values() for each in statuses.split(";")]
    said = said_by(every)
    sorted_out = [*said.undone, *said.partly, *said.unpaid, *said.fine, *said.unknown]
    assert sorted(sorted_out) == sorted(every)
    assert said_by([]).undone == ()
