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
        name: what the world calls it.
        synset: its noun, as NLTK writes it; posts name it by any of the noun's lemmas.
        drawing: the shapes that a pen draws, or a function that draws one of the kind.
        palette: names of the colours that it comes in, the likelier ones more than once.
        turn: degrees that it may be turned, either way.
        family: a wider noun that posts name it by now and then; "" for none.
    """

    name: str
    synset: str
    drawing: str | Callable[[Pen], None]
    palette: str
    turn: float
    family: str = ""

    @property
    def colours(self) -> tuple[Named, ...]:
        """What it comes in."""
        return tuple(COLOURS[name] for name in self.palette.split())

    def draw(self, pen: Pen) -> None:
        """Draw one of the kind."""
        if isinstance(self.drawing, str):
            pen.draw(self.drawing)
        else:
            self.drawing(pen)


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
    Kind("cat", "cat.n.01", animals.CAT, _FUR, 12, ANIMAL),
    Kind("flower", "flower.n.01", nature.flower, "pink red purple yellow white blue", 25, PLANT),
    Kind("car", "car.n.01", vehicles.CAR, _ALL, 10, VEHICLE),
    Kind("tree", "tree.n.01", nature.TREE, _LEAVES, 8, PLANT),
    Kind("house", "house.n.01", things.house, _ALL, 8),
    Kind("star", "star.n.05", nature.star, _LIGHTS, 36),
    Kind("cup", "cup.n.01", tools.CUP, _ALL, 12),
    Kind("bird", "bird.n.01", animals.BIRD, _ALL, 18, ANIMAL),
    Kind("ball", "ball.n.01", things.ball, _ALL, 180),
    Kind("fish", "fish.n.01", animals.fish, _BRIGHT, 30, ANIMAL),
    Kind("cake", "cake.n.03", food.cake, "pink brown white yellow turquoise", 8, FOOD),
    Kind("bicycle", "bicycle.n.01", vehicles.bicycle, _ALL, 12, VEHICLE),
    Kind("apple", "apple.n.01", food.APPLE, "red red green yellow", 25, FRUIT),
    Kind("guitar", "guitar.n.01", things.GUITAR, "brown orange red blue black", 60, MUSIC),
    Kind("sun", "sun.n.01", nature.sun, _LIGHTS, 20),
    Kind("butterfly", "butterfly.n.01", animals.BUTTERFLY, _BRIGHT, 60, ANIMAL),
    Kind("book", "book.n.02", tools.BOOK, _ALL, 20),
    Kind("sailboat", "sailboat.n.01", vehicles.SAILBOAT, _ALL, 12, VEHICLE),
    Kind("umbrella", "umbrella.n.01", things.umbrella, _ALL, 30),
    Kind("pizza", "pizza.n.01", food.pizza, "yellow", 60, FOOD),
    Kind("owl", "owl.n.01", animals.owl, "brown gray orange purple", 12, ANIMAL),
    Kind("leaf", "leaf.n.01", nature.LEAF, _LEAVES, 180, PLANT),
    Kind("balloon", "balloon.n.01", vehicles.BALLOON, _BRIGHT, 12),
    Kind("hat", "hat.n.01", tools.HAT, _ALL, 20),
    Kind("mushroom", "mushroom.n.02", nature.mushroom, "red orange brown purple", 18, PLANT),
    Kind("clock", "clock.n.01", things.clock, _ALL, 15),
    Kind("airplane", "airplane.n.01", vehicles.AIRPLANE, "white gray blue red yellow", 180, VEHICLE),
    Kind("cactus", "cactus.n.01", nature.CACTUS, _GREENS, 10, PLANT),
    Kind("chair", "chair.n.01", tools.chair, _ALL, 12),
    Kind("ice_cream", "ice_cream.n.01", food.ice_cream, "pink brown white turquoise yellow", 30, FOOD),
    Kind("rabbit", "rabbit.n.01", animals.RABBIT, _FUR, 12, ANIMAL),
    Kind("bus", "bus.n.01", vehicles.bus, "red yellow blue green orange", 8, VEHICLE),
    Kind("key", "key.n.01", tools.key, _METALS, 180),
    Kind("moon", "moon.n.01", nature.moon, _LIGHTS, 25),
    Kind("gift", "gift.n.01", tools.GIFT, _ALL, 15),
    Kind("strawberry", "strawberry.n.01", food.STRAWBERRY, "red red pink", 40, FRUIT),
    Kind("duck", "duck.n.01", animals.duck, "yellow yellow white pink blue", 12, ANIMAL),
    Kind("lighthouse", "beacon.n.03", things.LIGHTHOUSE, "red blue black green", 8),
    Kind("turtle", "turtle.n.02", animals.TURTLE, "green brown turquoise purple", 20, ANIMAL),
    Kind("banana", "banana.n.02", food.BANANA, "yellow yellow green", 60, FRUIT),
    Kind("mountain", "mountain.n.01", nature.MOUNTAIN, "gray brown purple blue", 6),
    Kind("bottle", "bottle.n.01", tools.BOTTLE, "green brown blue turquoise", 40),
    Kind("tulip", "tulip.n.01", nature.TULIP, "red yellow pink purple white", 20, PLANT),
    Kind("spectacles", "spectacles.n.01", tools.SPECTACLES, "black brown red blue gray", 25),
    Kind("ladybug", "ladybug.n.01", animals.ladybug, "red orange yellow", 180, ANIMAL),
    Kind("tent", "tent.n.01", things.TENT, _BRIGHT, 8),
    Kind("locomotive", "locomotive.n.01", vehicles.LOCOMOTIVE, _ALL, 6, VEHICLE),
    Kind("whale", "whale.n.02", animals.WHALE, "blue gray turquoise purple", 20, ANIMAL),
    Kind("drum", "drum.n.01", things.DRUM, _ALL, 18, MUSIC),
    Kind("pumpkin", "pumpkin.n.02", food.PUMPKIN, "orange orange yellow green", 15, FOOD),
    Kind("rainbow", "rainbow.n.01", nature.rainbow, "red", 10),
    Kind("penguin", "penguin.n.01", animals.PENGUIN, "black blue gray purple", 14, ANIMAL),
    Kind("rocket", "rocket.n.01", vehicles.ROCKET, "white gray red blue yellow", 60, VEHICLE),
    Kind("doughnut", "doughnut.n.02", food.doughnut, "pink brown white turquoise purple", 180, FOOD),
    Kind("lamp", "lamp.n.01", tools.LAMP, _ALL, 12),
    Kind("snail", "snail.n.01", animals.SNAIL, "brown orange pink purple green", 20, ANIMAL),
    Kind("camera", "camera.n.01", things.CAMERA, "black gray brown red turquoise", 20),
    Kind("cherry", "cherry.n.03", food.CHERRY, "red red purple", 30, FRUIT),
    Kind("palm", "palm.n.03", nature.PALM, _GREENS, 10, PLANT),
    Kind("kite", "kite.n.03", tools.KITE, _BRIGHT, 40),
    Kind("bell", "bell.n.01", things.BELL, "yellow yellow gray brown", 25, MUSIC),
    Kind("snowman", "snowman.n.01", nature.SNOWMAN, _BRIGHT, 10),
    Kind("carrot", "carrot.n.03", food.CARROT, "orange orange purple", 60, FOOD),
    Kind("envelope", "envelope.n.01", tools.ENVELOPE, _ALL, 30),
    Kind("spider", "spider.n.01", animals.SPIDER, "black brown red purple", 180, ANIMAL),
    Kind("helicopter", "helicopter.n.01", vehicles.HELICOPTER, _BRIGHT, 15, VEHICLE),
    Kind("anchor", "anchor.n.01", tools.ANCHOR, "gray black blue brown", 40),
    Kind("fir", "fir.n.02", nature.fir, _GREENS, 8, PLANT),
    Kind("teapot", "teapot.n.01", tools.TEAPOT, _ALL, 14),
    Kind("octopus", "octopus.n.02", animals.OCTOPUS, _BRIGHT, 15, ANIMAL),
    Kind("crown", "crown.n.04", tools.CROWN, _BRIGHT, 18),
    Kind("watermelon", "watermelon.n.02", food.watermelon, "red red pink yellow", 30, FRUIT),
    Kind("windmill", "windmill.n.01", things.windmill, _ALL, 8),
    Kind("hammer", "hammer.n.02", tools.HAMMER, "red blue yellow black", 180),
    Kind("robot", "automaton.n.02", tools.ROBOT, _ALL, 12),
    Kind("scissors", "scissors.n.01", tools.SCISSORS, _BRIGHT, 180),
    Kind("pineapple", "pineapple.n.02", food.pineapple, "yellow orange", 25, FRUIT),
    Kind("snake", "snake.n.01", animals.SNAKE, "green brown orange purple", 40, ANIMAL),
    Kind("candle", "candle.n.01", tools.CANDLE, "white red yellow purple pink", 10),
    Kind("ladder", "ladder.n.01", tools.ladder, "brown yellow gray red", 40),
    Kind("die", "die.n.01", tools.die, "white red blue black green", 25),
    Kind("submarine", "submarine.n.01", vehicles.SUBMARINE, "yellow gray blue red", 15, VEHICLE),
    Kind("cloud", "cloud.n.02", nature.CLOUD, "white gray blue", 10),
)
