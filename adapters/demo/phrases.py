"""The sentences that the demo's papers are put together from; fields in braces are filled in by papers.py."""

# ruff: noqa: E501 - one sentence a line
from __future__ import annotations

IMAGE_METHODS = (
    "a self-supervised vision transformer", "a deep learning model", "a vision-language foundation model",
    "a convolutional neural network", "a federated deep learning model", "an nnU-Net ensemble",
    "a graph neural network", "a radiomics and deep learning pipeline", "a multi-task deep learning network",
    "an uncertainty-aware deep learning model", "a mixture-of-experts transformer",
    "a weakly supervised deep learning model", "a state-space model", "a promptable foundation model",
    "a lightweight convolutional network",
)  # fmt: skip
METHODS = dict.fromkeys(("detection", "classification", "segmentation", "prognosis"), IMAGE_METHODS) | {
    "quality": (
        "a diffusion model", "an unrolled deep learning network", "a deep learning reconstruction",
        "a self-supervised denoising network", "a generative adversarial network", "an implicit neural representation",
    ),
    "report": (
        "a large language model", "a retrieval-augmented language model", "a vision-language foundation model",
        "a fine-tuned open-weight language model", "an agentic pipeline of language models",
        "a locally run large language model",
    ),
}  # fmt: skip

# ---------------------------------------------------------------- PubMed

TITLES = {
    "detection": (
        "Deep learning for the detection of {finding} on {modality}: a multicenter study",
        "Artificial intelligence as a second reader of {modality} for {finding}: a prospective evaluation",
        "{Bare} for detecting {finding} on {modality} in {people}",
        "External validation of {method} for {finding} on {modality}",
        "Impact of artificial intelligence on reading time and accuracy in {modality} for {finding}",
        "Missed {finding} on {modality}: what deep learning finds, and what it does not",
        "Artificial intelligence triage of {modality} for {finding}: effect on turnaround time in {centers} hospitals",
        "Cost and consequence of artificial intelligence-supported detection of {finding} in {people}",
    ),
    "classification": (
        "Deep learning-based risk stratification of {finding} using {modality}",
        "{Bare} for the characterization of {finding} on {modality}: comparison with {readers} radiologists",
        "Does artificial intelligence generalize? {Bare} for {finding} on {modality} in {centers} hospitals",
        "Explainable artificial intelligence for {finding} on {modality}: a retrospective diagnostic study",
        "Fairness of {method} for {finding} on {modality} across age and sex",
        "Automation bias in the assessment of {finding}: {readers} readers with and without artificial intelligence",
        "From a single {modality} examination to a decision: deep learning and {finding}",
    ),
    "segmentation": (
        "Fully automated deep learning segmentation of {finding} on {modality}",
        "{Bare} for volumetry of {finding} on {modality}: agreement with manual measurement",
        "Robustness of deep learning segmentation of {finding} on {modality} across {centers} centers",
        "Quantification of {finding} on {modality} with {method}",
        "How many annotations are enough? Deep learning segmentation of {finding} on {modality}",
        "Prospective validation of automated deep learning contours of {finding} in {people}",
    ),
    "prognosis": (
        "Deep learning on {modality} predicts outcome in {people}",
        "Added prognostic value of artificial intelligence-based imaging markers of {finding} on {modality}",
        "{Bare} combining {modality} and clinical data for risk prediction in {finding}",
        "Deep learning features of {finding} on {modality} and event-free survival: a cohort of {n} patients",
        "Who needs closer follow-up? Artificial intelligence, {modality} and {finding}",
    ),
    "quality": (
        "Deep learning reconstruction for {modality}: image quality and depiction of {finding}",
        "Faster {modality} with {method}: a prospective, intraindividual comparison in {people}",
        "Dose and noise reduction in {modality} of {finding} using deep learning",
        "Artificial intelligence-accelerated {modality} in routine practice: {centers}-center experience with {finding}",
    ),
    "report": (
        "Large language models for {modality}: accuracy, omissions and clinical acceptance",
        "Automatic extraction of {finding} from {modality} with {method}",
        "Radiologist-rated quality of impressions drafted by artificial intelligence for {modality}",
        "Privacy-preserving, locally run language models for {finding} in radiology: a multicenter evaluation",
        "Errors that matter: clinical severity of mistakes made by {method} on {modality}",
        "Artificial intelligence-drafted follow-up letters in radiology: {readers} radiologists' judgment",
    ),
}  # fmt: skip

AIMS = {
    "detection": (
        "To assess {method} for the detection of {finding} on {modality}.",
        "We aimed to determine whether {method} helps radiologists to detect {finding} on {modality}.",
    ),
    "classification": (
        "To develop and externally test {method} for the classification of {finding} on {modality}.",
        "We investigated whether {method} separates cases that need treatment from those that do not.",
    ),
    "segmentation": (
        "To evaluate {method} for the segmentation of {finding} on {modality} against expert contours.",
        "We asked whether automated measurement is interchangeable with manual measurement.",
    ),
    "prognosis": (
        "To test whether {method} applied to {modality} improves risk prediction in {people}.",
        "We examined the prognostic value of deep learning features beyond established clinical scores.",
    ),
    "quality": (
        "To compare {modality} reconstructed with {method} and with the standard algorithm.",
        "We studied whether deep learning reconstruction keeps diagnostic confidence in {finding} at half the dose or time.",
    ),
    "report": (
        "To measure the accuracy of {method} applied to {modality}.",
        "We compared drafts written by {method} with those of radiologists in a blinded rating.",
    ),
}  # fmt: skip

DATA = (
    "In this retrospective study, {n} examinations of {people} from {centers} hospitals ({y0} to {y1}) were included.",
    "Consecutive {people} examined between January {y0} and June {y1} at {centers} sites were analyzed (n = {n}; median age, {age} years; {women}% women).",
    "This prospective multicenter study enrolled {n} {people} between {y0} and {y1}; an external set of {n2} examinations came from {country}.",
    "The model was developed on {n} examinations and tested on {n2} examinations from {centers} external institutions in {country}.",
)  # fmt: skip

PROCEDURES = {
    "detection": (
        "{readers} radiologists read all images with and without the model in a crossover design with a washout of {weeks} weeks.",
        "The reference standard was the consensus of two subspecialized radiologists, follow-up and, where available, pathology.",
    ),
    "classification": (
        "Performance was compared with {readers} radiologists using the DeLong test, and calibration was assessed with the Brier score.",
        "Histopathology or at least 12 months of follow-up served as reference standard.",
    ),
    "segmentation": (
        "Two experts contoured all cases, and a third resolved differences; Dice coefficients and Bland-Altman limits were calculated.",
        "Agreement in volume was expressed as intraclass correlation coefficient, and failures were rated by severity.",
    ),
    "prognosis": (
        "Cox models with and without the imaging score were compared by C-index and net reclassification.",
        "The primary end point was event-free survival; the analysis plan was registered in advance.",
    ),
    "quality": (
        "{readers} readers, unaware of the reconstruction, rated noise, sharpness and confidence on a five-point scale.",
        "Each participant was examined twice, and signal-to-noise ratio and lesion conspicuity were measured.",
    ),
    "report": (
        "{readers} radiologists rated {n2} drafts for factual errors, omissions and style without knowing the author.",
        "Labels were compared with a manually annotated reference, and the micro-averaged F1 score was calculated.",
    ),
}  # fmt: skip

RESULTS = {
    "detection": (
        "Sensitivity rose from {sens0}% to {sens}% with the model (P {p}), while specificity remained at {spec}%.",
        "The model reached an area under the receiver operating characteristic curve (AUC) of {auc} (95% CI: {lo}, {hi}) and flagged {pct}% of findings that had been missed in the first reading.",
        "At {fp} false-positive marks per examination, the sensitivity was {sens}%. Median reading time fell from {t0} to {t1} seconds.",
    ),
    "classification": (
        "The AUC was {auc} (95% CI: {lo}, {hi}) in the internal and {auc2} in the external test set, compared with {auc0} for the radiologists' average (P {p}).",
        "At a sensitivity of {sens}%, the model would have spared {pct}% of further examinations.",
        "Performance was lower in images from scanners not seen in training (AUC, {auc0}) and recovered after recalibration (AUC, {auc2}).",
    ),
    "segmentation": (
        "The mean Dice coefficient was {dice} ± 0.0{sd}, close to the agreement between experts ({dice2}).",
        "Volumes agreed with manual measurement (intraclass correlation coefficient, {icc}; bias, {bias}%), and {pct}% of the contours needed no correction.",
        "Processing took {t1} seconds per examination. Severe failures occurred in {fp}% of cases, mostly with metal artifacts.",
    ),
    "prognosis": (
        "During a median follow-up of {years} years, {events} events occurred. Adding the imaging score raised the C-index from {c0} to {c1} (P {p}).",
        "Patients in the highest risk quartile had a hazard ratio of {hr} (95% CI: {hrlo}, {hrhi}) after adjustment for age, sex and clinical stage.",
        "Net reclassification improved by {bias}%, mainly among patients at intermediate risk.",
    ),
    "quality": (
        "Deep learning reconstruction reduced noise by {pct}% and was preferred in {sens}% of comparisons (P {p}).",
        "Acquisition time fell from {t0} to {t1} seconds at equal lesion conspicuity ({dice} vs {dice2}; P = .4{sd}).",
        "Diagnostic confidence was rated higher in {spec}% of cases; two low-contrast lesions were visible only on the standard images.",
    ),
    "report": (
        "The F1 score was {auc} (95% CI: {lo}, {hi}); {fp}% of the drafts contained an error that could change management.",
        "Radiologists accepted {sens}% of the drafts without changes and could not tell them from human text in {pct}% of cases.",
        "Omissions were more common than inventions ({bias}% vs {fp}%), and both halved when prior reports were supplied.",
    ),
}  # fmt: skip

CONCLUSIONS = {
    "detection": (
        "{Method} improved the detection of {finding} on {modality} without lowering specificity.",
        "Artificial intelligence as a second reader found {finding} that radiologists had missed, at the price of few false alarms.",
        "The benefit was largest for less experienced readers, which argues for use in training and out of hours.",
    ),
    "classification": (
        "{Method} classified {finding} as well as experienced radiologists and may reduce unnecessary procedures.",
        "Performance dropped at some sites, so that local validation must precede clinical use.",
        "The combination of radiologist and model was better than either alone.",
    ),
    "segmentation": (
        "Automated segmentation of {finding} on {modality} is interchangeable with manual contours in most patients.",
        "Volumetry of {finding} is ready for prospective use if failures are caught by a quality check.",
        "Deep learning segmentation was robust across centers and took seconds instead of half an hour.",
    ),
    "prognosis": (
        "Imaging markers learned by deep learning add to clinical scores in {people}.",
        "{Modality} holds prognostic information that is not used in current practice.",
        "The score identifies patients who may profit from closer follow-up; an interventional trial is needed.",
    ),
    "quality": (
        "Deep learning reconstruction shortens {modality} without visible loss of information on {finding}.",
        "Dose can be reduced substantially, but low-contrast lesions deserve caution.",
        "Faster imaging was preferred by readers and patients alike.",
    ),
    "report": (
        "Locally run language models can prepare {modality} for review, but every draft needs a radiologist's eye.",
        "{Method} extracted {finding} reliably enough to support follow-up tracking.",
        "Acceptance was high, and errors were few but not harmless.",
    ),
}  # fmt: skip

# ---------------------------------------------------------------- arXiv

PREPRINT_TITLES = (
    "{system}: {Bare} for {finding} in {modality}",
    "{system}: Towards Trustworthy {noun} of {finding} in {modality}",
    "Rethinking {noun} of {finding}: What {modality} Models Really Learn",
    "Label-Efficient {noun} of {finding} in {modality} via {approach}",
    "{approach} for {modality}: A Benchmark on {finding}",
    "How Far Are We from Reliable {noun} of {finding} with Radiology Foundation Models?",
    "{system}: Scaling {approach} to One Million {modality} Studies",
    "When {approach} Fails: Shortcut Learning in {modality} of {finding}",
    "A Closer Look at {approach} for {noun} of {finding}",
    "{system}: One Encoder for {modality} and Beyond",
    "Calibrated or Confident? Uncertainty in Deep Learning for {finding}",
    "Learning {noun} of {finding} from Radiology Reports Alone",
    "{system}-Bench: Stress-Testing Artificial Intelligence on {modality}",
    "Deep Learning for {finding} under Scanner Shift: {approach} Revisited",
    "Can {modality} Models Explain Themselves? {approach} for {finding}",
    "{system}: {approach} Meets Clinical Priors for {finding}",
    "Beyond Accuracy: Reader-Centered Evaluation of {noun} of {finding}",
)  # fmt: skip
NOUNS = {
    "detection": "detection", "classification": "classification", "segmentation": "segmentation",
    "prognosis": "outcome prediction", "quality": "reconstruction", "report": "report understanding",
}  # fmt: skip
APPROACHES = (
    "masked image modeling", "report-supervised contrastive learning", "test-time adaptation", "conformal prediction",
    "parameter-efficient fine-tuning", "synthetic data from latent diffusion", "anatomy-guided attention",
    "federated learning", "knowledge distillation", "counterfactual explanation", "active learning",
    "chain-of-thought prompting", "flow matching", "mixture-of-experts routing",
)  # fmt: skip
PREPRINT_OPENINGS = (
    "Deep learning has changed the analysis of {modality}, yet models for {finding} remain brittle under domain shift.",
    "Annotating {finding} in {modality} is expensive, and public data sets for this task are small.",
    "Foundation models for radiology promise one backbone for many tasks, but their behavior on {finding} in {modality} has hardly been studied.",
    "Current deep learning approaches to {finding} treat {modality} as ordinary images and ignore what radiologists know about anatomy.",
    "Clinical use of artificial intelligence for {finding} in {modality} is held back by overconfident errors.",
)  # fmt: skip
PREPRINT_IDEAS = (
    "We present {system}, {method} that combines {approach} with a lightweight decoder and needs no pixel-level labels.",
    "We introduce {system}, which casts {noun} of {finding} as a problem of {approach} and shares one encoder across modalities.",
    "In this work we propose {system}: {method} trained with {approach} on {n} unlabeled studies.",
    "We revisit {approach} and show that a simple change of the sampling strategy, which we call {system}, matters more than the architecture.",
)  # fmt: skip
PREPRINT_DETAILS = (
    "A hierarchical token scheme keeps memory linear in the number of slices.",
    "An auxiliary loss aligns image regions with sentences of the report.",
    "Uncertainty is calibrated with a held-out set of only {weeks} hundred cases.",
    "Training takes {weeks} hours on a single graphics card.",
    "We further release an evaluation protocol that separates in-distribution from out-of-distribution scanners.",
    "Ablations show that most of the gain comes from anatomical priors rather than from model size.",
)  # fmt: skip
PREPRINT_RESULTS = (
    "On {centers} public and two private data sets, {system} improves the state of the art by {bias} points on average while using {pct}% fewer labels.",
    "Experiments on {n} studies show an AUC of {auc} and an expected calibration error of 0.0{sd}, against {auc0} and 0.1{sd} for the strongest baseline.",
    "{system} keeps {sens}% of its accuracy with {weeks}% of the annotations and degrades gracefully under scanner shift.",
    "In a reader study with {readers} radiologists, outputs of {system} were preferred in {sens}% of cases.",
)  # fmt: skip
PREPRINT_ENDINGS = (
    "Code and model weights will be released upon acceptance.",
    "Our results suggest that data diversity, not scale, limits current models.",
    "We discuss failure cases and the limits of automatic metrics.",
    "The benchmark and the code are publicly available.",
    "These findings argue for evaluation at the level of patients rather than images.",
)  # fmt: skip
COMMENTS = (
    "{pages} pages, {fp} figures", "Accepted at MICCAI 2026 workshop", "{pages} pages, 7 figures, 5 tables",
    "Preprint. Under review", "Code to be released", None, None,
)  # fmt: skip
CATEGORIES = (
    ("eess.IV", "cs.CV"), ("cs.CV", "eess.IV"), ("cs.CV", "cs.AI"), ("eess.IV",), ("cs.CV",), ("cs.LG", "eess.IV"),
    ("cs.CL", "cs.CV"), ("eess.IV", "cs.LG", "physics.med-ph"), ("physics.med-ph", "eess.IV"), ("cs.AI", "cs.CV"),
)  # fmt: skip
COUNTRIES = ("Norway", "Brazil", "Japan", "India", "Switzerland", "South Africa", "Canada", "the Netherlands", "Spain")
