"""One call from its request to what it returns or raises: tokens, hooks, redirects, retries.

Written once for both flavours: `exchange` yields what is to be done, and a shell does it and
sends back the outcome, or throws in what went wrong. No I/O happens here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from logging import DEBUG, INFO, Logger
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeVar

from ..exceptions import ApiConnectionError, ApiException
from . import failure
from .request import Request, authorized

if TYPE_CHECKING:
    from .download import Download
    from .hooks import Hooks
    from .retry import Retries
    from .telemetry import Span
    from .tokens import TokenSource

    class Answer(Protocol):
        """An answer whose body may still be read."""

        elapsed: float | None

        @property
        def status(self) -> int: ...
        @property
        def reason(self) -> str | None: ...
        @property
        def headers(self) -> Mapping[str, str]: ...
        @property
        def data(self) -> bytes | None: ...
        def close(self) -> None: ...


ResultT = TypeVar("ResultT")


class Send(NamedTuple):
    """One attempt; the outcome is the answer. `deadline` is on the clock of `monotonic`."""

    request: Request
    deadline: float | None


class Read(NamedTuple):
    """The whole body of an answer."""

    answer: Any


class Save(NamedTuple):
    """The whole body of an answer, as a file."""

    answer: Any
    download: Download


class Discard(NamedTuple):
    """An answer that nobody reads; its connection is kept where that is cheap."""

    answer: Any


class Wait(NamedTuple):
    """Seconds to wait."""

    seconds: float


class Fetch(NamedTuple):
    """A credential; the outcome is its text."""

    source: TokenSource


class Settle(NamedTuple):
    """What a hook returned, which may have to be awaited; the outcome is its result."""

    value: object


Step: TypeAlias = Send | Read | Save | Discard | Wait | Fetch | Settle
Steps: TypeAlias = Generator[Step, Any, ResultT]


class RetryBudget:
    """What is left of a client's retries. Threads may share it."""

    _EARNED = 0.2

    def __init__(self) -> None:
        self._spent = 0.0

    def spend(self, budget: int) -> bool:
        """Takes one retry of `budget` and what was earned; False where none is left."""
        if self._spent + 1 > budget:
            return False
        self._spent += 1
        return True

    def earn(self) -> None:
        """A call has succeeded."""
        if self._spent:
            self._spent = max(0.0, self._spent - self._EARNED)


class Terms(NamedTuple):
    """What a client's calls share."""

    retries: Retries | None
    budget: RetryBudget
    hooks: Sequence[Hooks]
    logger: Logger


def exchange(
    request: Request,
    terms: Terms,
    *,
    body: Callable[[Any], Read | Save | None],
    finish: Callable[[Request, Any], ResultT],
) -> Steps[ResultT]:
    """What `finish` makes of the request that was sent and its answer, after redirects and
    retries.

    `body` says what becomes of the body of an answer that is not tried again before that is
    finished, None where it is left, and raises for one that is not to be read. What breaks off
    after that is not tried again, nor is a file of which something has been saved.
    """
    course = _Course(request, terms)
    hooks = terms.hooks
    sent = request
    answer: Answer | None = None
    span: Span | None = None
    if "opentelemetry.trace" in sys.modules:
        from .telemetry import Span

        span = Span(request, terms.logger.name)
    try:
        while True:
            began = monotonic()
            taken: Read | Save | None = None
            wait: float | None
            cause: Answer | ApiConnectionError
            try:
                sent = course.request
                course.secrets = []
                for pending in sent.pending:
                    secret = yield Fetch(pending.source)
                    course.secrets.append((pending.source, secret))
                    sent = authorized(sent, pending, secret)
                for hook in hooks:
                    sent = (yield Settle(hook.before_request(sent))) or sent
                if span is not None:
                    sent = span.sent(sent)
                course.log_request(sent)
                came: Answer = yield Send(sent, course.deadline)
                answer = cause = came
                following = course.following(sent, came)
                wait = None if following else course.wait(came)
                final = following is None and wait is None
                if final and (taken := body(came)) is not None:
                    yield taken
                came.elapsed = monotonic() - began
                course.log_answer(sent, came)
                for hook in hooks:
                    yield Settle(hook.after_response(sent, came))
                if final:
                    break
                yield Discard(came)
                answer = None
                if following is not None:
                    course.request = following
                    continue
            except ApiConnectionError as error:
                if answer is not None:
                    answer.close()
                    answer = None
                begun = isinstance(taken, Save) and taken.download.received > 0
                wait = None if begun or failure.is_final(error) else course.wait()
                if wait is None:
                    raise
                cause = error
            assert wait is not None
            course.log_retry(sent, wait, cause)
            for hook in hooks:
                yield Settle(hook.on_retry(sent, course.attempt, wait, cause))
            yield Wait(wait)
            course.attempt += 1
        came.elapsed = course.elapsed()
        if came.status < 400:
            terms.budget.earn()
        if span is not None:
            span.answered(came, course.attempt)
        return finish(sent, came)
    except ApiException as error:
        if answer is not None:
            answer.close()
        error.elapsed = course.elapsed()
        if span is not None:
            span.failed(error)
        for hook in hooks:
            yield Settle(hook.on_error(sent, error))
        raise
    except BaseException as error:
        if answer is not None:
            answer.close()
        if span is not None:
            span.failed(error)
        raise
    finally:
        if span is not None:
            span.end()


class _Course:
    """How far a call has come."""

    def __init__(self, request: Request, terms: Terms) -> None:
        self.request = request
        self.attempt = 1
        self.secrets: list[tuple[TokenSource, str]] = []
        total = request.timeout.total
        self._started = monotonic()
        self.deadline = None if total is None else self._started + total
        self._terms = terms
        self._redirects = 0
        self._renewed = False

    def elapsed(self) -> float:
        """Seconds since the call began."""
        return monotonic() - self._started

    def following(self, sent: Request, answer: Answer) -> Request | None:
        """The request that an answer leads to: where it redirects to, or the same once more
        with another token; None where it leads to none."""
        status = answer.status
        if status < 300:
            return None
        if status == 401 and self.secrets and not self._renewed:
            self._renewed = True
            dropped = [source.forget(secret) for source, secret in self.secrets]
            return self.request if any(dropped) else None
        from . import redirect

        request = self.request
        if sent.url != request.url:
            request = request._replace(url=sent.url, secrets=sent.secrets)
        found = redirect.followed(request, status, answer.headers)
        if found is None or self._redirects >= redirect.LIMIT:
            return None
        self._redirects += 1
        return found

    def wait(self, answer: Answer | None = None) -> float | None:
        """The seconds to wait before the next attempt, None where there is to be none."""
        if answer is not None and answer.status < 300:
            return None
        from . import retry

        policy = retry.policy(self._terms.retries)
        found = retry.delay(
            policy,
            self.attempt,
            method=self.request.method,
            status=None if answer is None else answer.status,
            headers=None if answer is None else answer.headers,
        )
        if found is None:
            return None
        if self.deadline is not None and monotonic() + found >= self.deadline:
            return None
        return found if self._terms.budget.spend(policy.budget) else None

    def log_request(self, request: Request) -> None:
        logger = self._terms.logger
        if logger.isEnabledFor(DEBUG):
            from . import redaction

            logger.debug(
                "%s: %s %s, attempt %d, headers %s",
                request.operation,
                request.method,
                redaction.redacted(request.url, request),
                self.attempt,
                redaction.headers(request),
            )

    def log_answer(self, request: Request, answer: Answer) -> None:
        logger = self._terms.logger
        if logger.isEnabledFor(DEBUG):
            from .headers import request_id

            logger.debug(
                "%s: answered %d in %.3f s, request id %s",
                request.operation,
                answer.status,
                answer.elapsed,
                request_id(answer.headers),
            )

    def log_retry(
        self, request: Request, wait: float, cause: Answer | ApiException
    ) -> None:
        logger = self._terms.logger
        if logger.isEnabledFor(INFO):
            logger.info(
                "%s: trying again in %.3f s, after %s",
                request.operation,
                wait,
                cause.reason if isinstance(cause, ApiException) else cause.status,
            )
