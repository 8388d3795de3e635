"""Attribution maps of several networks and methods beside each other.

`target` says which class each network is asked for, `scales` give the grid its colours,
`measures` and `notice` what can be said about it in numbers, `sheet` makes one picture of it.
"""
