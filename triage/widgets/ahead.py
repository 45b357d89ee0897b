"""What the first click on a step would have to wait for, worked out while the reader looks at the one that is shown."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from triage.widgets.markup import load_templates
from triage.widgets.view import View

#: What takes longest on millions of records.
SLOW = ("sparks", "errors")


def work_ahead(view: View, failed: Callable[[BaseException], None]) -> Thread:
    """Begin in a thread, and give that; a step that is asked for before its end works out what it needs itself.

    Parameters
    ----------
    view : View
        What is shown; those of other windows take what is found for it over.
    failed : callable
        Called with an exception.
    """

    def work() -> None:
        try:
            load_templates()
            for name in SLOW:
                getattr(view, name)
            for template in view.incident.templates["template_id"].head(1):
                view.incident.template(template)  # where the records of all templates are is found with the first
        except Exception as error:  # whatever it is, the reader is told: a thread has nobody else
            failed(error)

    thread = Thread(target=work, name="triage-guide-ahead", daemon=True)
    thread.start()
    return thread
