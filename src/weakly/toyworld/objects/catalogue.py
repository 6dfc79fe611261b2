"""Everything the world is drawn from: its objects, the commonest first.

A post shows an object the more seldom the further down it stands here, by Zipf's law (`photos.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from weakly.toyworld.objects import animals, food, nature, things, tools, vehicles
from weakly.toyworld.objects.colours import BRIGHT, COLOURS, Named
from weakly.toyworld.objects.pen import Pen


@dataclass(frozen=True)
class Kind:
    """A kind of object.

    Attributes:
        synset: its noun, as NLTK writes it; posts name it by any of the noun's lemmas.
        draw: draws one of the kind.
        palette: names of the colours that it comes in, the likelier ones more than once.
        turn: degrees that it may be turned, either way.
        family: a wider noun that posts name it by now and then; "" for none.
    """

    synset: str
    draw: Callable[[Pen], None]
    palette: str
    turn: float = 15.0
    family: str = ""

    @property
    def name(self) -> str:
        """What the world calls it: the name of its drawing function."""
        return self.draw.__name__

    @property
    def colours(self) -> tuple[Named, ...]:
        """What it comes in."""
        return tuple(COLOURS[name] for name in self.palette.split())


_ALL = " ".join(COLOURS)
_BRIGHT = " ".join(colour.name for colour in BRIGHT)
_FUR = "brown orange gray black white"
_GREENS = "green turquoise"
_LEAVES = "green green orange red yellow"
_METALS = "gray yellow brown black"
_LIGHTS = "yellow yellow orange white"

ANIMAL, PLANT, FOOD = "animal.n.01", "plant.n.02", "food.n.02"
FRUIT, VEHICLE, MUSIC = "fruit.n.01", "vehicle.n.01", "music.n.01"

KINDS = (
    Kind("cat.n.01", animals.cat, _FUR, 12, ANIMAL),
    Kind("flower.n.01", nature.flower, "pink red purple yellow white blue", 25, PLANT),
    Kind("car.n.01", vehicles.car, _ALL, 10, VEHICLE),
    Kind("tree.n.01", nature.tree, _LEAVES, 8, PLANT),
    Kind("house.n.01", things.house, _ALL, 8),
    Kind("star.n.05", nature.star, _LIGHTS, 36),
    Kind("cup.n.01", tools.cup, _ALL, 12),
    Kind("bird.n.01", animals.bird, _ALL, 18, ANIMAL),
    Kind("ball.n.01", things.ball, _ALL, 180),
    Kind("fish.n.01", animals.fish, _BRIGHT, 30, ANIMAL),
    Kind("cake.n.03", food.cake, "pink brown white yellow turquoise", 8, FOOD),
    Kind("bicycle.n.01", vehicles.bicycle, _ALL, 12, VEHICLE),
    Kind("apple.n.01", food.apple, "red red green yellow", 25, FRUIT),
    Kind("guitar.n.01", things.guitar, "brown orange red blue black", 60, MUSIC),
    Kind("sun.n.01", nature.sun, _LIGHTS, 20),
    Kind("butterfly.n.01", animals.butterfly, _BRIGHT, 60, ANIMAL),
    Kind("book.n.02", tools.book, _ALL, 20),
    Kind("sailboat.n.01", vehicles.sailboat, _ALL, 12, VEHICLE),
    Kind("umbrella.n.01", things.umbrella, _ALL, 30),
    Kind("pizza.n.01", food.pizza, "yellow", 60, FOOD),
    Kind("owl.n.01", animals.owl, "brown gray orange purple", 12, ANIMAL),
    Kind("leaf.n.01", nature.leaf, _LEAVES, 180, PLANT),
    Kind("balloon.n.01", vehicles.balloon, _BRIGHT, 12),
    Kind("hat.n.01", tools.hat, _ALL, 20),
    Kind("mushroom.n.02", nature.mushroom, "red orange brown purple", 18, PLANT),
    Kind("clock.n.01", things.clock, _ALL, 15),
    Kind("airplane.n.01", vehicles.airplane, "white gray blue red yellow", 180, VEHICLE),
    Kind("cactus.n.01", nature.cactus, _GREENS, 10, PLANT),
    Kind("chair.n.01", tools.chair, _ALL, 12),
    Kind("ice_cream.n.01", food.ice_cream, "pink brown white turquoise yellow", 30, FOOD),
    Kind("rabbit.n.01", animals.rabbit, _FUR, 12, ANIMAL),
    Kind("bus.n.01", vehicles.bus, "red yellow blue green orange", 8, VEHICLE),
    Kind("key.n.01", tools.key, _METALS, 180),
    Kind("moon.n.01", nature.moon, _LIGHTS, 25),
    Kind("gift.n.01", tools.gift, _ALL, 15),
    Kind("strawberry.n.01", food.strawberry, "red red pink", 40, FRUIT),
    Kind("duck.n.01", animals.duck, "yellow yellow white pink blue", 12, ANIMAL),
    Kind("beacon.n.03", things.lighthouse, "red blue black green", 8),
    Kind("turtle.n.02", animals.turtle, "green brown turquoise purple", 20, ANIMAL),
    Kind("banana.n.02", food.banana, "yellow yellow green", 60, FRUIT),
    Kind("mountain.n.01", nature.mountain, "gray brown purple blue", 6),
    Kind("bottle.n.01", tools.bottle, "green brown blue turquoise", 40),
    Kind("tulip.n.01", nature.tulip, "red yellow pink purple white", 20, PLANT),
    Kind("spectacles.n.01", tools.spectacles, "black brown red blue gray", 25),
    Kind("ladybug.n.01", animals.ladybug, "red orange yellow", 180, ANIMAL),
    Kind("tent.n.01", things.tent, _BRIGHT, 8),
    Kind("locomotive.n.01", vehicles.locomotive, _ALL, 6, VEHICLE),
    Kind("whale.n.02", animals.whale, "blue gray turquoise purple", 20, ANIMAL),
    Kind("drum.n.01", things.drum, _ALL, 18, MUSIC),
    Kind("pumpkin.n.02", food.pumpkin, "orange orange yellow green", 15, FOOD),
    Kind("rainbow.n.01", nature.rainbow, "red", 10),
    Kind("penguin.n.01", animals.penguin, "black blue gray purple", 14, ANIMAL),
    Kind("rocket.n.01", vehicles.rocket, "white gray red blue yellow", 60, VEHICLE),
    Kind("doughnut.n.02", food.doughnut, "pink brown white turquoise purple", 180, FOOD),
    Kind("lamp.n.01", tools.lamp, _ALL, 12),
    Kind("snail.n.01", animals.snail, "brown orange pink purple green", 20, ANIMAL),
    Kind("camera.n.01", things.camera, "black gray brown red turquoise", 20),
    Kind("cherry.n.03", food.cherry, "red red purple", 30, FRUIT),
    Kind("palm.n.03", nature.palm, _GREENS, 10, PLANT),
    Kind("kite.n.03", tools.kite, _BRIGHT, 40),
    Kind("bell.n.01", things.bell, "yellow yellow gray brown", 25, MUSIC),
    Kind("snowman.n.01", nature.snowman, _BRIGHT, 10),
    Kind("carrot.n.03", food.carrot, "orange orange purple", 60, FOOD),
    Kind("envelope.n.01", tools.envelope, _ALL, 30),
    Kind("spider.n.01", animals.spider, "black brown red purple", 180, ANIMAL),
    Kind("helicopter.n.01", vehicles.helicopter, _BRIGHT, 15, VEHICLE),
    Kind("anchor.n.01", tools.anchor, "gray black blue brown", 40),
    Kind("fir.n.02", nature.fir, _GREENS, 8, PLANT),
    Kind("teapot.n.01", tools.teapot, _ALL, 14),
    Kind("octopus.n.02", animals.octopus, _BRIGHT, 15, ANIMAL),
    Kind("crown.n.04", tools.crown, _BRIGHT, 18),
    Kind("watermelon.n.02", food.watermelon, "red red pink yellow", 30, FRUIT),
    Kind("windmill.n.01", things.windmill, _ALL, 8),
    Kind("hammer.n.02", tools.hammer, "red blue yellow black", 180),
    Kind("automaton.n.02", tools.robot, _ALL, 12),
    Kind("scissors.n.01", tools.scissors, _BRIGHT, 180),
    Kind("pineapple.n.02", food.pineapple, "yellow orange", 25, FRUIT),
    Kind("snake.n.01", animals.snake, "green brown orange purple", 40, ANIMAL),
    Kind("candle.n.01", tools.candle, "white red yellow purple pink", 10),
    Kind("ladder.n.01", tools.ladder, "brown yellow gray red", 40),
    Kind("die.n.01", tools.die, "white red blue black green", 25),
    Kind("submarine.n.01", vehicles.submarine, "yellow gray blue red", 15, VEHICLE),
    Kind("cloud.n.02", nature.cloud, "white gray blue", 10),
)
