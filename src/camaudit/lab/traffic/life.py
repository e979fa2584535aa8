"""When what happens: habits that come back, things that happen once, and the flows of the mass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from camaudit.model.words import Kind

from . import discovery, frames, people, watching, wording
from .bulk import Flow
from .frames import Link
from .scene import Scene
from .site import Host, Site
from .talk import NEAR_US, Frame
from .truth import Diary

_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
#: Seconds that a device is away when it starts anew.
_AWAY_US: Final = 45 * _SECOND
#: The habits may come this much more or less often than usual.
_FASTEST: Final = 400.0
_SLOWEST: Final = 0.02
#: Searches of the VMS, and those of recorders for cameras of their own maker.
_WIDE: Final = (
    "ws-discovery.probe", "ssdp.search", "mdns.services", "sadp.inquiry", "dhip.search",
    "bosch-rcp.search", "hanwha.search", "panasonic.search", "sony.search", "tvt-mhed.search",
    "vivotek.search", "xm-netip.search",
)  # fmt: skip
_OWN: Final = {"hikvision": ("sadp.inquiry",), "dahua": ("dhip.search",)}

Act = Callable[[int, int], list[Frame]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Something that comes back. ``size``: about how many frames it makes each time.

    ``fixed`` habits keep their time whatever share small talk shall have.
    """

    words: str
    period: int
    size: int
    act: Act
    fixed: bool = False


@dataclass(slots=True)
class Life:
    """Everything that will happen, in the order of time."""

    scene: Scene
    habits: list[Habit] = field(default_factory=list)
    once: list[tuple[int, Callable[[int], list[Frame]]]] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    _early: list[Frame] = field(default_factory=list)
    _pace: float = 1.0

    @property
    def per_second(self) -> float:
        """Return about how many frames of small talk there are in a second."""
        return sum(each.size / self._period(each) * _SECOND for each in self.habits)

    def between(self, start: int, end: int) -> list[Frame]:
        """Return the frames of a stretch of time, in order; those after it wait for the next."""
        found = self._early
        for each in self.habits:
            for turn, at in self._times(each, start, end):
                found += each.act(at, turn)
        for at, act in self.once:
            if start <= at < end:
                found += act(at)
        found.sort(key=lambda frame: frame.at)
        cut = next((n for n, frame in enumerate(found) if frame.at >= end), len(found))
        self._early = found[cut:]
        return found[:cut]

    def pace(self, wanted: float) -> None:
        """Set how often habits come back, so that small talk has about that many frames."""
        settings = self.scene.site.settings
        span = settings.end - settings.start
        free = sum(each.size * span / each.period for each in self.habits if not each.fixed)
        fixed = sum(each.size * span / each.period for each in self.habits if each.fixed)
        self._pace = min(_FASTEST, max(_SLOWEST, (wanted - fixed) / max(free, 1.0)))

    def _period(self, habit: Habit) -> int:
        return habit.period if habit.fixed else max(1_000, int(habit.period / self._pace))

    def _times(self, habit: Habit, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield when a habit comes back, with its turn; its phase is its own."""
        period = self._period(habit)
        chance = self.scene.site.chance
        begin = self.scene.site.settings.start + chance.number(period, "phase", habit.words)
        turn = max(0, -(-(start - begin) // period))
        while (at := begin + turn * period) < end:
            # a little late at times, but never after the next
            late = 0 if habit.fixed else chance.number(period // 3 + 1, habit.words, turn)
            if at + late < self.scene.site.settings.end:
                yield turn, at + late
            turn += 1


def live(site: Site, diary: Diary) -> Life:
    """Return the life of a site."""
    life = Life(Scene(site, diary))
    _sentinel(life)
    for host in site.hosts:
        if host.role in ("router", "sensor"):
            continue
        _network_habits(life, host)
        if host.private:
            _private(life, host)
    for camera in site.of("camera"):
        _camera(life, camera)
    for recorder in site.of("recorder"):
        _recorder(life, recorder)
    vms = site.one("vms")
    _habit(life, "wide", vms, 6 * _HOUR, 200, lambda at, _: discovery.search(
        life.scene, vms.port, _WIDE, at))  # fmt: skip
    life.once.append((site.settings.start + 20 * _SECOND, lambda at: discovery.search(
        life.scene, vms.port, _WIDE, at)))  # fmt: skip
    _words(life)
    _wishes(life)
    life.once.sort(key=lambda each: each[0])
    life.pace(site.settings.chatter * site.settings.packets)
    return life


def _habit(life: Life, words: str, host: Host, period: int, size: int, act: Act) -> None:
    life.habits.append(Habit(words=f"{words} {host.name}", period=period, size=size, act=act))


def _sentinel(life: Life) -> None:
    """Let the sensor prove each minute that it works."""
    scene, site = life.scene, life.scene.site
    sensor = site.one("sensor").port
    router = site.router(sensor.segment)

    def ping(at: int, turn: int) -> list[Frame]:
        link: Link = scene.near(sensor, router)
        asked = frames.echo(link, turn, answer=False)
        return [
            Frame(at, asked),
            Frame(at + NEAR_US, frames.echo(link.turned(), turn, answer=True)),
        ]

    acts: dict[str, Act] = {
        "ping": ping,
        "ntp": lambda at, _turn: scene.clock(sensor, router, at),
    }
    act = acts.get(site.settings.sentinel)
    if act is not None:
        life.habits.append(Habit(words="sentinel", period=_MINUTE, size=2, act=act, fixed=True))


def _network_habits(life: Life, host: Host) -> None:
    """Let a host do what every host does."""
    scene, site, port = life.scene, life.scene.site, host.port
    router = site.router(port.segment)
    came = site.settings.start + 500_000 + 20_000 * site.hosts.index(host)
    life.once.append((came, lambda at: scene.resolve(port, router, at)))
    clock = router if port.segment.name == "cameras" else site.one("server").port
    _habit(life, "resolve", host, 20 * _MINUTE, 2, lambda at, _: scene.resolve(port, router, at))
    if host.role != "server":
        _habit(life, "clock", host, 64 * _MINUTE, 2, lambda at, _: scene.clock(port, clock, at))
        _habit(life, "renew", host, 12 * _HOUR, 2, lambda at, _: scene.lease(host, at, renew=True))
    if discovery.has_notices(host):
        _habit(life, "notice", host, 15 * _MINUTE, 1,
               lambda at, _: discovery.notice(scene, host, at))  # fmt: skip


def _private(life: Life, host: Host) -> None:
    """Let a phone or a laptop come, browse, and download."""
    scene, settings = life.scene, life.scene.site.settings
    come = settings.start + 5 * _SECOND + host.number * _SECOND
    life.once.append(
        (come, lambda at: scene.lease(host, at) + scene.announce(host.port, at + 9_000))
    )
    _habit(life, "browse", host, 12 * _MINUTE, 20,
           lambda at, turn: people.browse(scene, host, at, turn))  # fmt: skip
    life.once.append((come + _SECOND, lambda at: people.browse(scene, host, at, host.number)))
    _habit(life, "tell", host, 40 * _MINUTE, 1,
           lambda at, _: scene.multicast_name(host, "_companion-link._tcp", at))  # fmt: skip
    opened, flow = people.download(scene, host, settings.start, settings.end)
    life._early += opened
    life.flows.append(flow)


def _camera(life: Life, camera: Host) -> None:
    """Let a camera stream to a recorder, be looked at, and start anew where that is asked for."""
    scene, site, settings = life.scene, life.scene.site, life.scene.site.settings
    recorders = list(site.of("recorder"))
    viewer = recorders[camera.number % len(recorders)]
    vms = site.one("vms").port
    begin = settings.start
    if camera.number < settings.restarts:
        at = _restart_at(life, camera)
        _stream(life, camera, viewer, begin, at)
        life.once.append((at + _AWAY_US, lambda then: _start(scene, camera, then)))
        scene.diary.restarts.setdefault(camera.name, []).append(at + _AWAY_US)
        begin = at + _AWAY_US + 10 * _SECOND
    _stream(life, camera, viewer, begin, settings.end)
    look = settings.start + 60 * _SECOND + camera.number * _SECOND
    life.once.append((look, lambda at: watching.pages(scene, camera, vms, at)))
    _habit(
        life, "look", camera, 24 * _HOUR, 30, lambda at, _: watching.pages(scene, camera, vms, at)
    )


def _recorder(life: Life, recorder: Host) -> None:
    scene, settings = life.scene, life.scene.site.settings
    maker = recorder.device.persona.truth.maker if recorder.device else None
    own = _OWN.get(maker or "", ())
    _habit(life, "own", recorder, 30 * _MINUTE, 8,
           lambda at, _: discovery.search(scene, recorder.port, own, at))  # fmt: skip
    if recorder.number + len(list(scene.site.of("camera"))) < settings.restarts:
        at = _restart_at(life, recorder)
        scene.diary.restarts.setdefault(recorder.name, []).append(at)
        life.once.append((at, lambda then: _start(scene, recorder, then)))
    if len(recorder.ports) > 1:
        there = settings.start + 30 * _SECOND
        life.once.append((there, lambda at: watching.across(scene, recorder, at)))
        _habit(life, "across", recorder, 2 * _HOUR, 12,
               lambda at, _: watching.across(scene, recorder, at))  # fmt: skip


def _words(life: Life) -> None:
    """Let people's words stand on a camera, be passed on by a recorder, and people look."""
    scene, site = life.scene, life.scene.site
    camera, recorder, phone = (next(site.of(each)) for each in ("camera", "recorder", "phone"))
    vms, begin = site.one("vms").port, site.settings.start
    for after, act in (
        (75, lambda at: wording.say(scene, camera, vms, at)),
        (80, lambda at: wording.reflect(scene, recorder, phone, at)),
        (85, lambda at: wording.look(scene, phone, camera, at)),
    ):
        life.once.append((begin + after * _SECOND, act))


def _start(scene: Scene, host: Host, at: int) -> list[Frame]:
    """Let a device start: it asks for an address, announces it, and greets."""
    found = scene.lease(host, at)
    found += scene.announce(host.port, at + 200_000)
    return found + discovery.greet(scene, host, at + 2 * _SECOND)


def _restart_at(life: Life, host: Host) -> int:
    """Return when a device starts anew: in the second fifth of the time, and seen by the sensor."""
    settings = life.scene.site.settings
    fifth = (settings.end - settings.start) // 5
    at = settings.start + fifth + life.scene.site.chance.number(fifth, "start", host.name)
    for first, last in sorted(settings.outages):
        if first - 2 * _AWAY_US <= at < last:
            at = last + (1 + host.number) * _SECOND
    return at


def _stream(life: Life, camera: Host, viewer: Host, start: int, end: int) -> None:
    if end - start < 5 * _SECOND:
        return
    opened, flow = watching.stream(life.scene, camera, viewer.port, start, end)
    life._early += opened
    life.flows.append(flow)


def _wishes(life: Life) -> None:
    """Add what was asked for: clouds, a relay, the core network, a mapping."""
    scene, settings = life.scene, life.scene.site.settings
    cameras = [each for each in scene.site.of("camera") if each.device is not None]
    known = [each for each in cameras if _maker(each) in watching.CLOUDS]
    known.sort(key=lambda each: _maker(each) == watching.RELAY_MAKER)  # it has a contact of its own
    for host in known[: settings.clouds]:
        _habit(life, "cloud", host, _HOUR, 18, _calling(scene, host))
        life.once.append((settings.start + 40 * _SECOND, _once(_calling(scene, host))))
    if settings.relay:
        host = next(each for each in cameras if _maker(each) == watching.RELAY_MAKER)
        at = settings.start + int((settings.end - settings.start) * settings.relay_at)
        life.once.append((at, lambda then: watching.relay(scene, host, then)))
    for each in cameras[-settings.core :] if settings.core else ():
        _habit(life, "core", each, 4 * _HOUR, 1, _telling(scene, each))
        life.once.append((settings.start + 50 * _SECOND, _once(_telling(scene, each))))
    if settings.mapping:
        recorder = next(scene.site.of("recorder"))
        when = settings.start + 70 * _SECOND
        life.once.append((when, lambda then: watching.map_port(scene, recorder, then)))


def _calling(scene: Scene, host: Host) -> Act:
    return lambda at, _turn: watching.cloud(scene, host, at)


def _telling(scene: Scene, host: Host) -> Act:
    return lambda at, _turn: watching.tell_core(scene, host, at)


def _once(act: Act) -> Callable[[int], list[Frame]]:
    return lambda at: act(at, 0)


def _maker(host: Host) -> str:
    assert host.device is not None  # noqa: S101 -- chosen by it
    return host.device.persona.truth.maker or Kind.UNKNOWN.value
