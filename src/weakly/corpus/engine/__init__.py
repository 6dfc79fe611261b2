"""Work in units that can be gone on with after a kill, and who does it.

In: a function of a unit's number that writes files. Out: a folder that is whole or not there, with the same
bytes whoever did the units.

    resumable.py    a verb's work: what is done of it, and the folder in the making
    workers.py      which engine does the units; what becomes of a unit whose worker was lost
    processes.py    units done by processes of this machine
    cluster.py      units done by a Ray cluster
"""
