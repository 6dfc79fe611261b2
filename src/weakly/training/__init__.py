"""Batches -> checkpoint: networks, loss, schedule and the loop (section 3.1 of the paper).

In: options, a training set and the batches that `weakly.sampling` draws from it. Out: a run's folder with its
log and its checkpoints, each enough alone to resume, to tag, to transfer.

    options.py       what `weakly pretrain` takes
    recipe.py        what the options come to: length, rates, workers, threads
    compute.py       number format, memory layout, compiler: every `auto` settled
    models.py        networks by name: a trunk that sees and a head that names
    loss.py          cross-entropy of images with one label or several
    schedule.py      the learning rate as a function of images seen
    step.py          one step of SGD
    loop.py          THE loop: steps, log lines, checkpoints
    distributed.py   one process or many, as torchrun started them
    stop_request.py  a signal asks the run to save and stop
    garbage.py       Python's garbage, collected at the same steps everywhere
    trace.py         a profiler's trace of some steps
    utilisation.py   operations of a step, peaks of devices, memory held
    log.py           what a run says of itself, and its stopwatch
    run_folder.py    a run's folder: begun, gone on with, or replaced
    checkpoint.py    the checkpoint's folder: written, found, restored, loaded
"""
