"""The words that the generated vaults are made of, and sentences of them."""

from __future__ import annotations

from random import Random

WORDS = tuple(
    "able across after again amber anchor angle answer apple april arrow ask atlas autumn axis "
    "badge balance bamboo basin beacon beam before below bench beyond birch blend bloom border "
    "bounded branch brave bridge bright brook bucket calm candle canvas carbon carry cedar cell "
    "chain chalk change chart circle clay clear cliff clock closed cloud coast cobalt column comet "
    "common compass constant copper coral corner count cover craft crane create crisp crown current "
    "curve daily dawn deep degree dense depth desert detail differ direct distance divide double "
    "draft drift eager early earth east echo edge eight element ember empty energy engine enter "
    "equal even event every exact extend fabric factor fair falls far feather fern field filter "
    "final finite first flame flat flint flow focus fold follow forest form four frame fresh frost "
    "garden gather gentle glass globe grain granite graph gravel green grid group grow guide harbor "
    "hazel heavy height helix hidden hill hold hollow honest horizon hour however ice idea image "
    "index inner inside iron island ivory join journey keep kernel kettle kind lantern large lattice "
    "layer leaf learn left lemon length level light limit linear linen liquid local logic long loop "
    "lower lunar maple margin mark market mass matter meadow measure mellow memory metal method "
    "middle mild mineral minor mirror model moment moon morning mosaic moss motion mountain narrow "
    "native near needle nest never night nine noble north notice number oak object ocean often old "
    "olive open orbit order origin outer oval over paper parcel pattern pebble period phase pine "
    "plain planet plant point polar pond power prime proof quartz quick quiet radius rain random "
    "rapid rather reason record reef region remain return ridge ring ripple river root rough round "
    "rule sail salt sample sand scale season second seed seldom series seven shade shape shell "
    "shore short signal silent silver simple single six slope slow small smooth snow soft solid "
    "some sound source south space spark spiral spring square stable star steady steep stem step "
    "stone storm stream strong summer surface swift system table tall tempo tensor term theory "
    "thin third thread three tide timber time tonal topic torch total tower trace trail tree twin "
    "under union unit until upper value valley vapor vector velvet vertex view vivid volume walnut "
    "warm water wave weight west wheat wheel while wide willow wind winter wonder wood yellow young "
    "zenith zero zone".split()
)


def phrase(rng: Random, low: int, high: int) -> str:
    """Return `low` to `high` words."""
    return " ".join(pick(rng, WORDS) for _ in range(rng.randrange(low, high + 1)))


def sentence(rng: Random, low: int = 6, high: int = 16) -> str:
    """Return a sentence of words."""
    text = phrase(rng, low, high)
    if rng.random() < 0.3:
        first, _, rest = text.partition(" ")
        text = f"{first}, {rest}"
    return text.capitalize() + pick(rng, (".", ".", ".", ":", "?", "."))


def pick(rng: Random, values: tuple[str, ...]) -> str:
    """Return one of `values`; by `random` alone, which gives the same in every Python."""
    return values[int(rng.random() * len(values))]
