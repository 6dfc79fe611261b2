"""What there is in the toy world, and how it looks.

In: draws. Out: objects as patches of pixels, and textures of the ground.

    colours.py    their names, and shades of them
    raster.py     parts to pixels
    pen.py        the notation of drawings: text to parts
    animals.py    drawings of animals
    food.py       of food
    nature.py     of plants, and of what the sky holds
    things.py     of things of the house and the street
    tools.py      of small things to hold or to wear
    vehicles.py   of vehicles
    catalogue.py  the kinds of objects, the commonest first
    surfaces.py   points, noise and grids that textures are painted with
    grounds.py    the textures that objects lie on
"""
