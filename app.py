"""The doors of the atlas: page settings and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from pages.parts import menu, url

ICON = str(Path(__file__).parent / "assets" / "icon.png")

st.set_page_config(page_title="CNN Atlas", page_icon=ICON, layout="wide")

HOME = st.Page("pages/home.py", title="Home", icon=":material/home:", default=True)
GROUPS = {
    "": [HOME],
    "Structure": [
        st.Page("pages/architecture.py", title="Architecture", icon=":material/account_tree:"),
        st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
        st.Page(
            "pages/receptive_field.py",
            title="Receptive field",
            icon=":material/center_focus_strong:",
        ),
        st.Page("pages/cost.py", title="Cost", icon=":material/savings:"),
        st.Page("pages/landscape.py", title="Landscape", icon=":material/bubble_chart:"),
        st.Page("pages/counting.py", title="Counting", icon=":material/calculate:"),
        st.Page("pages/lecture_check.py", title="Lecture check", icon=":material/fact_check:"),
    ],
    "Vision": [
        st.Page("pages/predict.py", title="Predict", icon=":material/image_search:"),
        st.Page("pages/attribution.py", title="Attribution", icon=":material/filter_center_focus:"),
        st.Page("pages/grading.py", title="Grading", icon=":material/grading:"),
        st.Page("pages/channel_attention.py", title="Channel attention", icon=":material/tune:"),
        st.Page("pages/features.py", title="Features", icon=":material/grid_view:"),
        st.Page("pages/paths.py", title="Paths", icon=":material/route:"),
    ],
    "Experiments": [
        st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
        st.Page("pages/augmentation.py", title="Augmentation", icon=":material/flip:"),
        st.Page("pages/initialisation.py", title="Initialisation", icon=":material/casino:"),
        st.Page("pages/gradient_flow.py", title="Gradient flow", icon=":material/south:"),
        st.Page("pages/normalisation.py", title="Normalisation", icon=":material/equalizer:"),
        st.Page("pages/depth.py", title="Depth", icon=":material/layers:"),
        st.Page("pages/blocks.py", title="Blocks", icon=":material/view_module:"),
        st.Page("pages/scaling.py", title="Scaling", icon=":material/open_in_full:"),
        st.Page("pages/search.py", title="Search", icon=":material/travel_explore:"),
        st.Page("pages/transfer.py", title="Transfer", icon=":material/school:"),
    ],
}

page = st.navigation(GROUPS, position="hidden")
with url.addressed():
    menu_place = st.sidebar.container()
    if page is not HOME:  # Home shows without torch, so it cannot know the networks
        from pages.parts import focus

        focus.choose()
    menu.draw(menu_place, GROUPS, page, shared="networks")
    page.run()
