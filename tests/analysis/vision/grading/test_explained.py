import numpy as np

from analysis.vision.grading.exam import draw
from analysis.vision.grading.explained import controls
from analysis.vision.voices import voice


def test_edges_are_of_each_picture_alone():
    exam = draw(voice("cifar_resnet20").preprocessing, 3)
    together = controls(exam)["edges"]
    for place in range(3):
        alone = controls(exam.of(np.array([place])))["edges"][0]
        np.testing.assert_allclose(together[place], alone, rtol=1e-5)
