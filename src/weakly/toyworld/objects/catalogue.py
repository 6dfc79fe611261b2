"""Everything the world is drawn from: its objects, the commonest first.

A post shows an object the more seldom the further down it stands here, by Zipf's law (`photos.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from weakly.toyworld.objects import animals, food, nature, things, tools, vehicles
from weakly.toyworld.objects.colours import (
    ALL,
    BLACK,
    BLUE,
    BRIGHT,
    BROWN,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    PURPLE,
    RED,
    TURQUOISE,
    WHITE,
    YELLOW,
    Named,
)
from weakly.toyworld.objects.pen import Pen


@dataclass(frozen=True)
class Kind:
    """A kind of object.

    Attributes:
        synset: its noun, as NLTK writes it; posts name it by any of the noun's lemmas.
        draw: draws one of the kind.
        colours: those it comes in.
        turn: degrees that it may be turned, either way.
        family: a wider noun that posts name it by now and then; "" for none.
    """

    synset: str
    draw: Callable[[Pen], None]
    colours: tuple[Named, ...] = BRIGHT
    turn: float = 15.0
    family: str = ""

    @property
    def name(self) -> str:
        """What the world calls it: the name of its drawing function."""
        return self.draw.__name__


_FUR = (BROWN, ORANGE, GREY, BLACK, WHITE)
_GREENS = (GREEN, TURQUOISE)
_LEAVES = (GREEN, GREEN, ORANGE, RED, YELLOW)
_METALS = (GREY, YELLOW, BROWN, BLACK)
_LIGHTS = (YELLOW, YELLOW, ORANGE, WHITE)

ANIMAL, PLANT, FOOD, FRUIT, VEHICLE, MUSIC = (
    "animal.n.01",
    "plant.n.02",
    "food.n.02",
    "fruit.n.01",
    "vehicle.n.01",
    "music.n.01",
)

KINDS = (
    Kind("cat.n.01", animals.cat, _FUR, 12, ANIMAL),
    Kind("flower.n.01", nature.flower, (PINK, RED, PURPLE, YELLOW, WHITE, BLUE), 25, PLANT),
    Kind("car.n.01", vehicles.car, ALL, 10, VEHICLE),
    Kind("tree.n.01", nature.tree, _LEAVES, 8, PLANT),
    Kind("house.n.01", things.house, ALL, 8),
    Kind("star.n.05", nature.star, _LIGHTS, 36),
    Kind("cup.n.01", tools.cup, ALL, 12),
    Kind("bird.n.01", animals.bird, ALL, 18, ANIMAL),
    Kind("ball.n.01", things.ball, ALL, 180),
    Kind("fish.n.01", animals.fish, BRIGHT, 30, ANIMAL),
    Kind("cake.n.03", food.cake, (PINK, BROWN, WHITE, YELLOW, TURQUOISE), 8, FOOD),
    Kind("bicycle.n.01", vehicles.bicycle, ALL, 12, VEHICLE),
    Kind("apple.n.01", food.apple, (RED, RED, GREEN, YELLOW), 25, FRUIT),
    Kind("guitar.n.01", things.guitar, (BROWN, ORANGE, RED, BLUE, BLACK), 60, MUSIC),
    Kind("sun.n.01", nature.sun, _LIGHTS, 20),
    Kind("butterfly.n.01", animals.butterfly, BRIGHT, 60, ANIMAL),
    Kind("book.n.02", tools.book, ALL, 20),
    Kind("sailboat.n.01", vehicles.sailboat, ALL, 12, VEHICLE),
    Kind("umbrella.n.01", things.umbrella, ALL, 30),
    Kind("pizza.n.01", food.pizza, (YELLOW,), 60, FOOD),
    Kind("owl.n.01", animals.owl, (BROWN, GREY, ORANGE, PURPLE), 12, ANIMAL),
    Kind("leaf.n.01", nature.leaf, _LEAVES, 180, PLANT),
    Kind("balloon.n.01", vehicles.balloon, BRIGHT, 12),
    Kind("hat.n.01", tools.hat, ALL, 20),
    Kind("mushroom.n.02", nature.mushroom, (RED, ORANGE, BROWN, PURPLE), 18, PLANT),
    Kind("clock.n.01", things.clock, ALL, 15),
    Kind("airplane.n.01", vehicles.airplane, (WHITE, GREY, BLUE, RED, YELLOW), 180, VEHICLE),
    Kind("cactus.n.01", nature.cactus, _GREENS, 10, PLANT),
    Kind("chair.n.01", tools.chair, ALL, 12),
    Kind("ice_cream.n.01", food.ice_cream, (PINK, BROWN, WHITE, TURQUOISE, YELLOW), 30, FOOD),
    Kind("rabbit.n.01", animals.rabbit, _FUR, 12, ANIMAL),
    Kind("bus.n.01", vehicles.bus, (RED, YELLOW, BLUE, GREEN, ORANGE), 8, VEHICLE),
    Kind("key.n.01", tools.key, _METALS, 180),
    Kind("moon.n.01", nature.moon, _LIGHTS, 25),
    Kind("gift.n.01", tools.gift, ALL, 15),
    Kind("strawberry.n.01", food.strawberry, (RED, RED, PINK), 40, FRUIT),
    Kind("duck.n.01", animals.duck, (YELLOW, YELLOW, WHITE, PINK, BLUE), 12, ANIMAL),
    Kind("beacon.n.03", things.lighthouse, (RED, BLUE, BLACK, GREEN), 8),
    Kind("turtle.n.02", animals.turtle, (GREEN, BROWN, TURQUOISE, PURPLE), 20, ANIMAL),
    Kind("banana.n.02", food.banana, (YELLOW, YELLOW, GREEN), 60, FRUIT),
    Kind("mountain.n.01", nature.mountain, (GREY, BROWN, PURPLE, BLUE), 6),
    Kind("bottle.n.01", tools.bottle, (GREEN, BROWN, BLUE, TURQUOISE), 40),
    Kind("tulip.n.01", nature.tulip, (RED, YELLOW, PINK, PURPLE, WHITE), 20, PLANT),
    Kind("spectacles.n.01", tools.spectacles, (BLACK, BROWN, RED, BLUE, GREY), 25),
    Kind("ladybug.n.01", animals.ladybug, (RED, ORANGE, YELLOW), 180, ANIMAL),
    Kind("tent.n.01", things.tent, BRIGHT, 8),
    Kind("locomotive.n.01", vehicles.locomotive, ALL, 6, VEHICLE),
    Kind("whale.n.02", animals.whale, (BLUE, GREY, TURQUOISE, PURPLE), 20, ANIMAL),
    Kind("drum.n.01", things.drum, ALL, 18, MUSIC),
    Kind("pumpkin.n.02", food.pumpkin, (ORANGE, ORANGE, YELLOW, GREEN), 15, FOOD),
    Kind("rainbow.n.01", nature.rainbow, (RED,), 10),
    Kind("penguin.n.01", animals.penguin, (BLACK, BLUE, GREY, PURPLE), 14, ANIMAL),
    Kind("rocket.n.01", vehicles.rocket, (WHITE, GREY, RED, BLUE, YELLOW), 60, VEHICLE),
    Kind("doughnut.n.02", food.doughnut, (PINK, BROWN, WHITE, TURQUOISE, PURPLE), 180, FOOD),
    Kind("lamp.n.01", tools.lamp, ALL, 12),
    Kind("snail.n.01", animals.snail, (BROWN, ORANGE, PINK, PURPLE, GREEN), 20, ANIMAL),
    Kind("camera.n.01", things.camera, (BLACK, GREY, BROWN, RED, TURQUOISE), 20),
    Kind("cherry.n.03", food.cherry, (RED, RED, PURPLE), 30, FRUIT),
    Kind("palm.n.03", nature.palm, _GREENS, 10, PLANT),
    Kind("kite.n.03", tools.kite, BRIGHT, 40),
    Kind("bell.n.01", things.bell, (YELLOW, YELLOW, GREY, BROWN), 25, MUSIC),
    Kind("snowman.n.01", nature.snowman, BRIGHT, 10),
    Kind("carrot.n.03", food.carrot, (ORANGE, ORANGE, PURPLE), 60, FOOD),
    Kind("envelope.n.01", tools.envelope, ALL, 30),
    Kind("spider.n.01", animals.spider, (BLACK, BROWN, RED, PURPLE), 180, ANIMAL),
    Kind("helicopter.n.01", vehicles.helicopter, BRIGHT, 15, VEHICLE),
    Kind("anchor.n.01", tools.anchor, (GREY, BLACK, BLUE, BROWN), 40),
    Kind("fir.n.02", nature.fir, _GREENS, 8, PLANT),
    Kind("teapot.n.01", tools.teapot, ALL, 14),
    Kind("octopus.n.02", animals.octopus, BRIGHT, 15, ANIMAL),
    Kind("crown.n.04", tools.crown, BRIGHT, 18),
    Kind("watermelon.n.02", food.watermelon, (RED, RED, PINK, YELLOW), 30, FRUIT),
    Kind("windmill.n.01", things.windmill, ALL, 8),
    Kind("hammer.n.02", tools.hammer, (RED, BLUE, YELLOW, BLACK), 180),
    Kind("automaton.n.02", tools.robot, ALL, 12),
    Kind("scissors.n.01", tools.scissors, BRIGHT, 180),
    Kind("pineapple.n.02", food.pineapple, (YELLOW, ORANGE), 25, FRUIT),
    Kind("snake.n.01", animals.snake, (GREEN, BROWN, ORANGE, PURPLE), 40, ANIMAL),
    Kind("candle.n.01", tools.candle, (WHITE, RED, YELLOW, PURPLE, PINK), 10),
    Kind("ladder.n.01", tools.ladder, (BROWN, YELLOW, GREY, RED), 40),
    Kind("die.n.01", tools.die, (WHITE, RED, BLUE, BLACK, GREEN), 25),
    Kind("submarine.n.01", vehicles.submarine, (YELLOW, GREY, BLUE, RED), 15, VEHICLE),
    Kind("cloud.n.02", nature.cloud, (WHITE, GREY, BLUE), 10),
)
